using System.Diagnostics;

namespace Hanzo.Sessions;

/// <summary>The source of spans, and the names of the tags of spans and metrics.</summary>
internal static class SessionTelemetry
{
    public const string ErrorType = "error.type";
    public const string Operation = "hanzo.sessions.operation";
    public const string Result = "hanzo.sessions.result";
    public const string Reason = "hanzo.sessions.reason";
    public const string Kind = "hanzo.sessions.kind";
    public const string Action = "hanzo.sessions.action";
    public const string Observer = "hanzo.sessions.observer";
    public const string SessionId = "hanzo.sessions.id";
    public const string Count = "hanzo.sessions.count";

    public static readonly ActivitySource Source = new(SessionMetrics.MeterName);

    /// <summary>Starts a span of the manager; null without a listener.</summary>
    public static Activity? Start(string name) => Source.StartActivity(name);

    public static KeyValuePair<string, object?> Tag(string name, object? value) => new(name, value);

    public static string NameOf(SessionEndReason reason) => reason switch
    {
        SessionEndReason.SignedOut => "signed_out",
        SessionEndReason.TerminatedByUser => "terminated_by_user",
        SessionEndReason.TerminatedByAdmin => "terminated_by_admin",
        SessionEndReason.Evicted => "evicted",
        SessionEndReason.Replaced => "replaced",
        SessionEndReason.IdleTimeout => "idle_timeout",
        SessionEndReason.Expired => "expired",
        SessionEndReason.PasswordChanged => "password_changed",
        SessionEndReason.UserDisabled => "user_disabled",
        SessionEndReason.UserDeleted => "user_deleted",
        SessionEndReason.Moved => "moved",
        SessionEndReason.NotDelivered => "not_delivered",
        _ => "other",
    };

    public static string NameOf(SessionMoveKinds kinds) => kinds switch
    {
        SessionMoveKinds.Network => "network",
        SessionMoveKinds.Family => "family",
        SessionMoveKinds.Agent => "agent",
        SessionMoveKinds.Network | SessionMoveKinds.Agent => "network_and_agent",
        SessionMoveKinds.Family | SessionMoveKinds.Agent => "family_and_agent",
        _ => "other",
    };

    public static string NameOf(SessionStatus status) => status switch
    {
        SessionStatus.Active => "active",
        SessionStatus.Malformed => "malformed",
        SessionStatus.Unknown => "unknown",
        SessionStatus.IdleTimeout => "idle_timeout",
        SessionStatus.Expired => "expired",
        SessionStatus.Terminated => "terminated",
        _ => "other",
    };
}
