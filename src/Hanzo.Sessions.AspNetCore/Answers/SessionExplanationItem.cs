using System.Globalization;
using System.Text.Json.Serialization;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>A session as the HTTP API explains it: active and until when, or when, why and by whom it ended.</summary>
internal sealed class SessionExplanationItem(Session session, PlaceNames places) : SessionFacts(session, places)
{
    [JsonRequired] public bool IsActive { get; init; } = session.End is null;
    [JsonRequired] public DateTime? ActiveUntil { get; init; } = session.End is null ? session.ActiveUntil.UtcDateTime : null;
    [JsonRequired] public DateTime? EndedAt { get; init; } = session.End?.At.UtcDateTime;
    [JsonRequired] public string? Reason { get; init; } = session.End?.Reason.ToString();
    [JsonRequired] public string? EndedBy { get; init; } = session.End?.By?.ToString();

    /// <summary>For the session's own user, who learns from the reason that an administrator ended it, not which one.</summary>
    public static SessionExplanationItem ForItsUser(Session session, PlaceNames places) => new(session, places)
    {
        EndedBy = session.End?.By is { } by && by.Is(session.User) ? by.ToString() : null,
    };

    /// <summary>One English sentence. It contains no text that a user chose.</summary>
    [JsonRequired]
    public string Explanation { get; init; } = session.End is { } end
        ? $"Ended at {Text(end.At)}: {Cause(end.Reason)}."
        : $"Active until {Text(session.ActiveUntil)} without further activity, and until {Text(session.ExpiresAt)} at the latest.";

    private static string Cause(SessionEndReason reason) => reason switch
    {
        SessionEndReason.SignedOut => "the user signed out",
        SessionEndReason.TerminatedByUser => "the user ended it from another session",
        SessionEndReason.TerminatedByAdmin => "an administrator or a service ended it",
        SessionEndReason.Evicted => "a newer session took its place, because the user had as many as the limit allows",
        SessionEndReason.Replaced => "a newer session in the same browser replaced it",
        SessionEndReason.IdleTimeout => "there was no activity for the idle timeout",
        SessionEndReason.Expired => "it had lasted as long as a session may",
        SessionEndReason.PasswordChanged => "the user's password was changed",
        SessionEndReason.UserDisabled => "the user was disabled",
        SessionEndReason.UserDeleted => "the user was deleted",
        SessionEndReason.Moved => "it was used from another place",
        SessionEndReason.NotDelivered => "its token never left the server, so no client had it",
        _ => "the reason is not known to this version",
    };

    private static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
}
