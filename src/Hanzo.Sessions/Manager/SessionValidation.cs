using System.Diagnostics.CodeAnalysis;

namespace Hanzo.Sessions;

/// <summary>The answer to a token. Every answer but <see cref="SessionStatus.Active"/> must look the same to a client.</summary>
/// <param name="Status">Active, or why not.</param>
/// <param name="Session">The session; null when the token was malformed or unknown. For an ended session its
/// <see cref="Session.End"/> tells when, why and by whom.</param>
public readonly record struct SessionValidation(SessionStatus Status, Session? Session)
{
    /// <summary>Whether the token proves an active session.</summary>
    [MemberNotNullWhen(true, nameof(Session))]
    public bool IsActive => Status == SessionStatus.Active;
}
