using System.Globalization;

namespace Hanzo.Sessions;

/// <summary>Whether a session is active and until when, or when, why and by whom it ended. For administrators: see <see cref="SessionManager.ExplainAsync"/>.</summary>
/// <param name="Session">The session, without its payload; <see cref="Session.End"/> says how it ended.</param>
public sealed record SessionExplanation(Session Session)
{
    /// <summary>Whether it is active.</summary>
    public bool IsActive => Session.End is null;

    /// <summary>
    /// One English sentence without a name that somebody chose, such as <c>Ended at 2026-01-01T10:00:00Z: an
    /// administrator or a service ended it.</c>
    /// </summary>
    public string Sentence => Session.End is { } end
        ? $"Ended at {Text(end.At)}: {Cause(end.Reason)}."
        : $"Active until {Text(Session.ActiveUntil)} without further activity, and until {Text(Session.ExpiresAt)} at the latest.";

    private static string Cause(SessionEndReason reason) => reason switch
    {
        SessionEndReason.SignedOut => "the user signed out",
        SessionEndReason.TerminatedByUser => "the user ended it from another session",
        SessionEndReason.TerminatedByAdmin => "an administrator or a service ended it",
        SessionEndReason.Evicted => "a newer session took its place, because the user had as many as the limit allows",
        SessionEndReason.Replaced => "somebody signed in over it",
        SessionEndReason.IdleTimeout => "there was no activity for the idle timeout",
        SessionEndReason.Expired => "it had lasted as long as a session may",
        SessionEndReason.PasswordChanged => "the user's password was changed",
        SessionEndReason.UserDisabled => "the user was disabled",
        SessionEndReason.UserDeleted => "the user was deleted",
        _ => "the reason is not known to this version",
    };

    private static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
}
