using System.Text;

namespace Hanzo.Sessions.StoreTests.BrokenStores;

/// <summary>
/// The contract as plainly as it can be written: a list under one lock. It is right; the broken stores are made of it
/// by changing one thing each.
/// </summary>
internal class PlainStore : ISessionStore
{
    protected Lock Lock { get; } = new();

    protected List<Row> Rows { get; } = [];

    /// <summary>The ids of forgotten sessions, and until when they are kept.</summary>
    protected Dictionary<SessionId, DateTimeOffset> Forgotten { get; } = [];

    public virtual Task PrepareAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public virtual Task<SessionStoreState> InspectAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(new SessionStoreState());

    public virtual Task<SessionCreationResult> CreateAsync(
        SessionCreation creation, CancellationToken cancellationToken = default) =>
        Locked(() => Create(creation), cancellationToken);

    public virtual ValueTask<FoundSession> FindByTokenAsync(
        SessionTokenHash tokenHash, CancellationToken cancellationToken = default) =>
        new(Locked(() => new FoundSession(Rows.Find(row => row.TokenHash == tokenHash)?.Session), cancellationToken));

    public virtual ValueTask<FoundSession> FindAsync(SessionId id, CancellationToken cancellationToken = default) =>
        new(Locked(() => new FoundSession(RowOf(id)?.Session), cancellationToken));

    public virtual ValueTask<SessionTouchResult> TouchAsync(SessionTouch touch, CancellationToken cancellationToken = default) =>
        new(Locked(() => new SessionTouchResult(Touch(touch)), cancellationToken));

    public virtual Task<SessionMoveResult> MoveAsync(SessionMove move, CancellationToken cancellationToken = default) =>
        Locked(() => Move(move), cancellationToken);

    public virtual Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default) =>
        Locked(() => Rotate(rotation), cancellationToken);

    public virtual Task<bool> ReplacePayloadAsync(SessionPayloadChange change, CancellationToken cancellationToken = default) =>
        Locked(() => ReplacePayload(change), cancellationToken);

    public virtual Task<SessionTerminationResult> TerminateAsync(
        SessionTermination termination, CancellationToken cancellationToken = default) =>
        Locked(() => Terminate(termination), cancellationToken);

    public virtual Task<EndedSession?> ExpireAsync(
        SessionId id, StoreInstant now, CancellationToken cancellationToken = default) =>
        Locked(() => Due(now.At).Where(row => row.Session.Id == id).ToList().Select(TimeOut).FirstOrDefault(), cancellationToken);

    public virtual Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
        Locked<IReadOnlyList<EndedSession>>(
            () => [.. Due(now.At).Take(maximum).ToList().Select(TimeOut)], cancellationToken);

    public virtual Task<int> PurgeAsync(
        DateTimeOffset endedBy, StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
        Locked(
            () =>
            {
                Forgotten.Where(it => it.Value <= now.At).ToList().ForEach(it => Forgotten.Remove(it.Key));
                var old = Rows.Where(row => row.Session.End?.At <= endedBy && !IsKept(row.Session, now.At)).Take(maximum).ToList();
                return Rows.RemoveAll(old.Contains);
            },
            cancellationToken);

    public virtual Task<IReadOnlyList<EndedSession>> ForgetAsync(
        SessionForgetting forgetting, CancellationToken cancellationToken = default) =>
        Locked<IReadOnlyList<EndedSession>>(() => Forget(forgetting), cancellationToken);

    public virtual Task<IReadOnlyList<Session>> ListAsync(
        SessionListing listing, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Locked(() => Page(Matches(listing, now), listing, SessionCursor.Of), cancellationToken);

    public virtual Task<IReadOnlyList<SessionRecord>> ListRecordsAsync(
        SessionListing listing, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Locked(() => Page(Records(listing, now), listing, SessionCursor.Of), cancellationToken);

    public virtual Task<long> CountAsync(
        SessionListing listing, DateTimeOffset now, long maximum, CancellationToken cancellationToken = default) =>
        Locked(
            () => Math.Min(
                maximum,
                listing.View == SessionView.Records ? Records(listing, now).LongCount() : Matches(listing, now).LongCount()),
            cancellationToken);

    public virtual Task<IReadOnlyList<IpSpread>> ListIpSpreadAsync(
        SessionScope scope, int threshold, int limit, int offset, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Locked<IReadOnlyList<IpSpread>>(
            () =>
            [
                .. Rows.Select(row => row.Session)
                    .Where(session => scope.Contains(session.User) && IsActive(session, now))
                    .GroupBy(session => session.User)
                    .Select(own => new IpSpread(own.Key, [.. Networks(own).Order(CodePoints)], own.Count()))
                    .Where(spread => spread.Networks.Count >= threshold)
                    .OrderBy(spread => spread.User.Organization, CodePoints)
                    .ThenBy(spread => spread.User.Name, CodePoints)
                    .Skip(offset)
                    .Take(limit),
            ],
            cancellationToken);

    protected static Comparer<string> CodePoints { get; } = Comparer<string>.Create(
        (left, right) => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right)));

    protected virtual bool IsActive(Session session, DateTimeOffset now) => session.IsActive(now);

    protected virtual bool Selects(SessionFilter filter, Session session) => filter.Matches(session);

    protected virtual bool IsKept(Session session, DateTimeOffset now) => session.KeepHistoryUntil > now;

    protected virtual int Order(SessionCursor left, SessionCursor right) => left.CompareTo(right);

    protected virtual bool Counts(Session session, SessionCreation creation) =>
        session.User == creation.Session.User && IsActive(session, creation.Session.CreatedAt);

    /// <summary>What must be over for good because it was not counted or replaced.</summary>
    protected virtual IEnumerable<Row> TimedOut(SessionCreation creation) => Due(creation.Session.CreatedAt)
        .Where(row => row.TokenHash == creation.Replaces || (creation.Limit is not null && row.Session.User == creation.Session.User));

    protected virtual int HowManyToEvict(int counted, SessionLimit limit) => Math.Max(0, counted - limit.MaxSessions + 1);

    protected virtual Session EndOf(Session session, SessionEnd end) => session with { End = end, Payload = default };

    protected virtual bool Touch(SessionTouch touch)
    {
        if (RowOf(touch.Id) is not { } row || !IsActive(row.Session, touch.At))
        {
            return false;
        }

        if (touch.At > row.Session.LastActiveAt && IsDue(touch, row.Session))
        {
            row.Session = row.Session with { LastActiveAt = touch.At };
        }

        return true;
    }

    protected virtual bool IsDue(SessionTouch touch, Session session) => session.LastActiveAt <= touch.IfLastActiveBy;

    protected virtual SessionMoveResult Move(SessionMove move)
    {
        if (RowOf(move.Id) is not { } row || row.Session.User != move.User || !IsActive(row.Session, move.At) || !IsAsRead(row, move))
        {
            return new SessionMoveResult(IsWritten: false);
        }

        var before = CountNetworks(move.User, move.At);
        row.Session = row.Session with
        {
            LastUse = move.Use,
            LastActiveAt = IsActivity(move) && move.At > row.Session.LastActiveAt ? move.At : row.Session.LastActiveAt,
        };
        var ended = move.Ends ? End(row, new SessionEnd(move.At, SessionEndReason.Moved, By: null)) : null;
        return new SessionMoveResult(IsWritten: true, ended, before, CountNetworks(move.User, move.At));
    }

    protected virtual bool IsAsRead(Row row, SessionMove move) => row.Session.LastUse?.MovedAt == move.IfMovedAt;

    protected virtual bool IsActivity(SessionMove move) => move.ActiveUntil is not null;

    protected virtual int CountNetworks(SessionUser user, DateTimeOffset now) =>
        Networks(Rows.Select(row => row.Session).Where(session => session.User == user && IsActive(session, now))).Count();

    protected virtual List<EndedSession> Forget(SessionForgetting forgetting)
    {
        var now = forgetting.End.At;
        var own = Rows.FindAll(row => row.Session.User == forgetting.User);
        List<EndedSession> ended = [];
        foreach (var row in own)
        {
            if (row.Session.End is null)
            {
                ended.Add(IsActive(row.Session, now) ? End(row, forgetting.End) : TimeOut(row));
            }

            if (IsKept(row.Session, now))
            {
                Forgotten[row.Session.Id] = row.Session.KeepHistoryUntil!.Value;
            }
        }

        Rows.RemoveAll(own.Contains);
        return ended;
    }

    protected virtual bool IsForgotten(SessionId id) => Forgotten.ContainsKey(id);

    protected virtual Session? Rotate(SessionRotation rotation)
    {
        if (Rows.Find(row => row.TokenHash == rotation.Current) is not { } row || !IsActive(row.Session, rotation.Now.At))
        {
            return null;
        }

        row.TokenHash = rotation.Next;
        row.Session = row.Session with { Payload = rotation.Payload ?? row.Session.Payload };
        return row.Session;
    }

    protected virtual bool ReplacePayload(SessionPayloadChange change)
    {
        if (Rows.Find(row => row.TokenHash == change.TokenHash) is not { } row
            || !IsActive(row.Session, change.Now.At) || !row.Session.Payload.Span.SequenceEqual(change.Read.Span))
        {
            return false;
        }

        row.Session = row.Session with { Payload = change.Payload };
        return true;
    }

    protected virtual SessionTerminationResult Terminate(SessionTermination termination)
    {
        var (filter, end) = (termination.Filter, termination.End);
        var selected = Rows.FindAll(row => IsActive(row.Session, end.At) && Selects(filter, row.Session) && IsAsRead(row, termination));
        return selected.Exists(row => row.Session.Id == termination.Current)
            ? new SessionTerminationResult([], CurrentSelected: true)
            : new SessionTerminationResult([
                .. TimedOut(filter, end)
                    .Where(row => IsAsRead(row, termination) && !(row.Session.ActiveUntil <= termination.TimedOutSince))
                    .ToList()
                    .Select(TimeOut),
                .. selected.Select(row => End(row, end))]);
    }

    protected virtual bool IsAsRead(Row row, SessionTermination termination) =>
        (termination.IfToken is not { } token || row.TokenHash == token)
        && (termination.IfPayload is not { } payload || row.Session.Payload.Span.SequenceEqual(payload.Span));

    /// <summary>What must be over for good because it was not ended.</summary>
    protected virtual IEnumerable<Row> TimedOut(SessionFilter filter, SessionEnd end) =>
        Due(end.At).Where(row => Selects(filter, row.Session));

    protected virtual IEnumerable<Session> Matches(SessionListing listing, DateTimeOffset now) => Rows
        .Select(row => row.Session)
        .Where(session => IsActive(session, now) != (listing.View == SessionView.History) && Selects(listing.Filter, session))
        .Select(session => session with { Payload = default });

    protected virtual IEnumerable<Row> Due(DateTimeOffset now) =>
        Rows.Where(row => row.Session.End is null && !IsActive(row.Session, now));

    protected Row? RowOf(SessionId id) => Rows.Find(row => row.Session.Id == id);

    protected EndedSession End(Row row, SessionEnd end)
    {
        row.Session = EndOf(row.Session, end);
        return new EndedSession(row.Session.Id, row.Session.User, row.Session.Application, end, row.TokenHash);
    }

    protected EndedSession TimeOut(Row row)
    {
        var (until, expires) = (row.Session.ActiveUntil, row.Session.ExpiresAt);
        return End(row, new SessionEnd(until, until == expires ? SessionEndReason.Expired : SessionEndReason.IdleTimeout, By: null));
    }

    protected Task<T> Locked<T>(Func<T> step, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (Lock)
        {
            return Task.FromResult(step());
        }
    }

    private SessionCreationResult Create(SessionCreation creation)
    {
        var (session, now) = (creation.Session, creation.Session.CreatedAt);
        if (Rows.Find(row => row.Session.Id == session.Id || row.TokenHash == creation.TokenHash) is { } stored)
        {
            return new SessionCreationResult { Outcome = SessionCreationOutcome.AlreadyExists, Existing = stored.Session };
        }

        if (IsForgotten(session.Id))
        {
            return new SessionCreationResult { Outcome = SessionCreationOutcome.AlreadyExists };
        }

        var own = Rows.FindAll(row => Counts(row.Session, creation));
        var before = Networks(own.Select(row => row.Session)).Count();
        var replaced = Rows.Find(row => row.TokenHash == creation.Replaces && IsActive(row.Session, now));
        var counted = own.FindAll(row => row != replaced && SharesLimit(row, creation));
        var evictions = creation.Limit is { } limit ? HowManyToEvict(counted.Count, limit) : 0;
        if (creation.Limit?.Action == SessionLimitAction.Refuse && replaced is not null && own.Contains(replaced) && SharesLimit(replaced, creation))
        {
            evictions = 0; // The new session takes the place of the replaced one, also above the limit.
        }

        if (evictions > 0 && creation.Limit!.Action == SessionLimitAction.Refuse)
        {
            return new SessionCreationResult
            {
                Outcome = SessionCreationOutcome.LimitReached,
                ActiveSessions = [.. counted.Select(row => row.Session with { Payload = default }).OrderByDescending(it => (it.CreatedAt, it.Id))],
            };
        }

        var oldestFirst = counted.OrderBy(row => creation.Limit?.Action == SessionLimitAction.EndOldest
            ? (row.Session.CreatedAt, row.Session.Id)
            : (row.Session.LastActiveAt, row.Session.Id));
        List<EndedSession> ended = [.. TimedOut(creation).ToList().Select(TimeOut)];
        ended.AddRange(replaced is null ? [] : [End(replaced, new SessionEnd(now, SessionEndReason.Replaced, creation.By))]);
        ended.AddRange(oldestFirst.Take(evictions).Select(row => End(row, new SessionEnd(now, SessionEndReason.Evicted, creation.By))));
        Rows.Add(new Row { Session = session, TokenHash = creation.TokenHash });
        return new SessionCreationResult
        {
            Outcome = SessionCreationOutcome.Created,
            Ended = ended,
            NetworksBefore = before,
            Networks = Networks(own.Select(row => row.Session).Where(it => it.End is null).Append(session)).Count(),
        };
    }

    private static bool SharesLimit(Row row, SessionCreation creation) =>
        creation.Limit?.Scope != SessionLimitScope.UserAndApplication
        || string.Equals(row.Session.Application, creation.Session.Application, StringComparison.Ordinal);

    private IEnumerable<SessionRecord> Records(SessionListing listing, DateTimeOffset now) =>
        Matches(listing, now)
            .GroupBy(session => (session.User, session.Application))
            .Select(sessions => new SessionRecord(
                sessions.Key.User, sessions.Key.Application, [.. sessions.OrderByDescending(it => (it.CreatedAt, it.Id))]));

    private IReadOnlyList<T> Page<T>(IEnumerable<T> rows, SessionListing listing, Func<T, SessionListing, SessionCursor> positionOf)
    {
        var direction = listing.Descending ? -1 : 1;
        var order = Comparer<SessionCursor>.Create((left, right) => direction * Order(left, right));
        return
        [
            .. rows.Where(row => listing.After is null || order.Compare(positionOf(row, listing), listing.After) > 0)
                .OrderBy(row => positionOf(row, listing), order)
                .Skip(listing.Offset)
                .Take(listing.Limit),
        ];
    }

    private IEnumerable<string> Networks(IEnumerable<Session> sessions) =>
        sessions.SelectMany(NetworksOf).OfType<string>().Distinct(StringComparer.Ordinal);

    protected virtual string?[] NetworksOf(Session session) => [session.IpNetwork, session.LastUse?.IpNetwork];

    protected sealed class Row
    {
        public required Session Session { get; set; }

        public required SessionTokenHash TokenHash { get; set; }
    }
}
