namespace Hanzo.Sessions.ProofTests.Models;

/// <summary>A row of the model: everything that the rules say about one session.</summary>
internal sealed class ModelSession
{
    public required SessionId Id { get; init; }

    public required SessionUser User { get; init; }

    public required string Application { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastActiveAt { get; set; }

    /// <summary>Where it was signed in.</summary>
    public required ModelPlace Place { get; init; }

    public SessionUse? LastUse { get; set; }

    public DateTimeOffset? KeepHistoryUntil { get; init; }

    public required string Token { get; set; }

    public required byte[] Payload { get; set; }

    /// <summary>What a caller still holds of it, as it was when the caller asked without counting as activity.</summary>
    public required Session Snapshot { get; set; }

    public List<string> OldTokens { get; } = [];

    public (DateTimeOffset At, SessionEndReason Reason)? End { get; set; }

    public DateTimeOffset ExpiresAt => CreatedAt + Model.Absolute;

    public DateTimeOffset ActiveUntil =>
        End?.At ?? (LastActiveAt + Model.Idle < ExpiresAt ? LastActiveAt + Model.Idle : ExpiresAt);

    public bool IsActive(DateTimeOffset now) => End is null && now < ActiveUntil;

    public ModelView View => new(Place.Text, Place.AlarmNetwork, Place.Agent, LastUse, LastActiveAt);

    public bool IsKept(DateTimeOffset now) => KeepHistoryUntil > now;

    /// <summary>How it has ended at an instant, whether or not somebody has written that down.</summary>
    public (DateTimeOffset At, SessionEndReason Reason)? EndAsOf(DateTimeOffset now) => End ?? (now < ActiveUntil ? null : TimeoutEnd);

    /// <summary>How it ends when its time is up.</summary>
    public (DateTimeOffset At, SessionEndReason Reason) TimeoutEnd =>
        (ActiveUntil, ActiveUntil == ExpiresAt ? SessionEndReason.Expired : SessionEndReason.IdleTimeout);
}
