using System.Diagnostics.CodeAnalysis;

namespace Hanzo.Sessions;

/// <summary>The result of a validation. All results but <see cref="SessionStatus.Active"/> must look the same to a client.</summary>
/// <param name="Status">Active, or why not.</param>
/// <param name="Session">The session; null if the token is malformed or unknown. If the session ended,
/// its <see cref="Session.End"/> says when, why and by whom.</param>
public readonly record struct SessionValidation(SessionStatus Status, Session? Session)
{
    /// <summary>Whether the token proves an active session.</summary>
    [MemberNotNullWhen(true, nameof(Session))]
    public bool IsActive => Status == SessionStatus.Active;
}
