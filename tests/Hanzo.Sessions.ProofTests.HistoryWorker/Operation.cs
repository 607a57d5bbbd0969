namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>One call of a history, as its caller has seen it. Instants are milliseconds since 1970.</summary>
internal sealed class Operation
{
    private readonly Lock _lock = new();

    public required OperationKind Kind { get; init; }

    /// <summary>Process and thread.</summary>
    public required string Client { get; init; }

    /// <summary>Before the call, on the clock that all clients share.</summary>
    public long Start { get; set; }

    /// <summary>After the answer, on the same clock.</summary>
    public long End { get; set; }

    /// <summary>The earliest time of day that the call has judged by.</summary>
    public long FirstInstant { get; set; } = long.MaxValue;

    /// <summary>The latest time of day that the call has judged by.</summary>
    public long LastInstant { get; set; } = long.MinValue;

    /// <summary>Whose sessions it is about.</summary>
    public string? User { get; init; }

    /// <summary>The hash of the token that was presented: to be validated, rotated or replaced.</summary>
    public string? Token { get; init; }

    /// <summary>The session to end, or the one to keep.</summary>
    public string? Target { get; init; }

    /// <summary>Where a request comes from: a number of <see cref="Places.All"/>; null if it does not say.</summary>
    public int? Place { get; init; }

    /// <summary>Whether a move ends its session.</summary>
    public bool EndsMoves { get; init; }

    /// <summary>Whether a sign-in makes room when it finds the limit reached.</summary>
    public bool Evicts { get; init; }

    /// <summary>The call threw a fault of the store: nobody knows whether it has happened.</summary>
    public bool IsFailed { get; set; }

    /// <summary>The call may have done more than it was told, because an answer of the store was lost on the way.</summary>
    public bool IsUncertain { get; set; }

    /// <summary>An exception that no call may throw.</summary>
    public string? Error { get; set; }

    /// <summary>The limit refused the sign-in.</summary>
    public bool IsRefused { get; set; }

    /// <summary>The answer of a validation.</summary>
    public SessionStatus? Status { get; set; }

    /// <summary>The session that was created (or that would have been), validated or rotated.</summary>
    public SessionFact? Session { get; set; }

    /// <summary>The hash of the token that create or rotate handed out.</summary>
    public string? NewToken { get; set; }

    /// <summary>What was listed; what a refusal names.</summary>
    public IReadOnlyList<SessionFact>? Listed { get; set; }

    /// <summary>What the store said it has ended.</summary>
    public List<EndedFact> Ended { get; init; } = [];

    /// <summary>The moves that the store was asked to write.</summary>
    public List<MoveFact> Moves { get; init; } = [];

    /// <summary>What the store said of the user's networks.</summary>
    public List<NetworkCount> Counts { get; init; } = [];

    /// <summary>The alarms that were announced.</summary>
    public IReadOnlyList<AlarmFact>? Alarms { get; init; }

    /// <summary>Remembers an instant that the call judges by.</summary>
    public void Saw(DateTimeOffset now)
    {
        var instant = now.ToUnixTimeMilliseconds();
        lock (_lock)
        {
            FirstInstant = Math.Min(FirstInstant, instant);
            LastInstant = Math.Max(LastInstant, instant);
        }
    }

    public override string ToString() =>
        $"{Client} {Kind} [{Start}, {End}] at [{FirstInstant}, {LastInstant}] user={User} target={Target} place={Place} token={Short(Token)} new={Short(NewToken)}"
        + $" session={Session?.Id} status={Status}{(IsRefused ? " refused" : "")}{(IsFailed ? " failed" : "")}{(IsUncertain ? " uncertain" : "")}"
        + $" ended={string.Join(',', Ended.Select(it => $"{it.Id}:{it.Reason}"))} listed={Listed?.Count}"
        + $" moves={string.Join(',', Moves.Select(it => $"{it.Id}:{it.Use}:{it.IfMovedAt}:{it.IsWritten}"))}"
        + $" counts={string.Join(',', Counts.Select(it => $"{it.Before}-{it.After}"))} {Error}";

    private static string? Short(string? hash) => hash?[..8];
}

/// <summary>What a history must know of a session.</summary>
internal sealed record SessionFact(
    string Id, string User, long CreatedAt, long ExpiresAt, long Idle, string? Address, string? Network, string? Agent)
{
    /// <summary>Where it was used last, as it was shown.</summary>
    public UseFact? Last { get; init; }

    /// <summary>Why it has ended, as it was shown.</summary>
    public SessionEndReason? Reason { get; init; }

    /// <summary>What never changes.</summary>
    public SessionFact Born() => this with { Last = null, Reason = null };

    public static SessionFact Of(Session session) => new(
        session.Id.ToString(),
        session.User.Name,
        session.CreatedAt.ToUnixTimeMilliseconds(),
        session.ExpiresAt.ToUnixTimeMilliseconds(),
        (long)session.IdleTimeout.TotalMilliseconds,
        session.IpAddress,
        session.IpNetwork,
        session.UserAgent)
    {
        Last = session.LastUse is { } use ? UseFact.Of(use) : null,
        Reason = session.End?.Reason,
    };
}

/// <summary>A session that a call has ended.</summary>
internal sealed record EndedFact(string Id, SessionEndReason Reason, long At)
{
    public bool IsTimeout => Reason is SessionEndReason.IdleTimeout or SessionEndReason.Expired;
}
