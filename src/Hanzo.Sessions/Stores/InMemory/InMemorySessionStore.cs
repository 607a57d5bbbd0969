using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions;

/// <summary>
/// The default store: one process, gone at restart, exact under any concurrency. A lookup takes no lock. A list of an
/// organization looks at every session; a list of one user does not.
/// </summary>
public sealed partial class InMemorySessionStore : ISessionStore
{
    private readonly ConcurrentDictionary<SessionTokenHash, SessionNode> _byToken = new();
    private readonly ConcurrentDictionary<SessionId, SessionNode> _byId = new();
    private readonly SessionShard[] _shards = [.. Enumerable.Range(0, 64).Select(number => new SessionShard(number))];
    private readonly ExpiryWheel _wheel = new();
    private readonly SessionHistory _history;
    private readonly StringPool _strings = new();

    /// <summary>An empty store.</summary>
    /// <param name="options">How many ended sessions to keep.</param>
    public InMemorySessionStore(IOptions<HanzoSessionsOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _history = new SessionHistory(options.Value.HistoryCapacity);
    }

    /// <inheritdoc/>
    public Task PrepareAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<SessionCreationResult> CreateAsync(
        SessionCreation creation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(creation);
        cancellationToken.ThrowIfCancellationRequested();
        var replaced = creation.Replaces is { } hash ? _byToken.GetValueOrDefault(hash) : null;
        var own = ShardOf(creation.Session.User);
        var other = replaced is null ? own : ShardOf(replaced.Session.User);
        var (first, second) = own.Number <= other.Number ? (own, other) : (other, own);
        lock (first.Lock)
        {
            lock (second.Lock)
            {
                return Task.FromResult(Create(creation, replaced, own));
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<Session?> FindByTokenAsync(
        SessionTokenHash tokenHash, CancellationToken cancellationToken = default) =>
        new(_byToken.TryGetValue(tokenHash, out var node) ? node.Session : null);

    /// <inheritdoc/>
    public ValueTask<Session?> FindAsync(SessionId id, CancellationToken cancellationToken = default) =>
        new(_byId.TryGetValue(id, out var node) ? node.Session : null);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<bool>> TouchAsync(
        IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(touches);
        cancellationToken.ThrowIfCancellationRequested();
        var answers = new bool[touches.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = Touch(touches[i]);
        }

        return new(answers);
    }

    /// <inheritdoc/>
    public Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rotation);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_byToken.TryGetValue(rotation.Current, out var node))
        {
            return Task.FromResult<Session?>(null);
        }

        lock (ShardOf(node.Session.User).Lock)
        {
            if (node.TokenHash != rotation.Current || !node.Session.IsActive(rotation.Now))
            {
                return Task.FromResult<Session?>(null);
            }

            if (rotation.Payload is { } payload)
            {
                node.Session = node.Session with { Payload = payload };
            }

            node.TokenHash = rotation.Next;
            _byToken[rotation.Next] = node;
            _byToken.TryRemove(rotation.Current, out _);
            return Task.FromResult<Session?>(node.Session);
        }
    }

    /// <inheritdoc/>
    public Task<SessionTermination> TerminateAsync(
        SessionFilter filter, SessionEnd end, SessionId? current = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(end);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(filter.SingleUser is { } user
            ? TerminateOfUser(user, filter, end, current)
            : TerminateAnywhere(filter, end, current));
    }

    /// <inheritdoc/>
    public Task<EndedSession?> ExpireAsync(
        SessionId id, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_byId.TryGetValue(id, out var node) ? Expire(node, now) : null);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        DateTimeOffset now, int maximum, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        List<EndedSession> ended = [];
        while (ended.Count < maximum)
        {
            var due = _wheel.Take(now, maximum - ended.Count);
            if (due.Count == 0)
            {
                break;
            }

            foreach (var node in due)
            {
                if (Expire(node, now) is { } expired)
                {
                    ended.Add(expired);
                }
            }
        }

        return Task.FromResult<IReadOnlyList<EndedSession>>(ended);
    }

    /// <inheritdoc/>
    public Task<int> PurgeAsync(
        DateTimeOffset endedBy, DateTimeOffset now, int maximum, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var purged = _history.Purge(endedBy, now, maximum);
        purged.ForEach(Forget);
        return Task.FromResult(purged.Count);
    }

    private SessionCreationResult Create(SessionCreation creation, SessionNode? replaced, SessionShard shard)
    {
        var now = creation.Session.CreatedAt;
        if (Stored(creation) is { } existing)
        {
            return new SessionCreationResult { Outcome = SessionCreationOutcome.AlreadyExists, Existing = existing };
        }

        var active = shard.Active(creation.Session.User, now);
        var networksBefore = Networks(active);
        var replaces = replaced is not null && replaced.TokenHash == creation.Replaces && replaced.Session.IsActive(now);
        if (replaces)
        {
            active.Remove(replaced!);
        }

        List<SessionNode> evicted = [];
        if (creation.Limit is { } limit)
        {
            var counted = active.FindAll(node => limit.Scope == SessionLimitScope.User
                || string.Equals(node.Session.Application, creation.Session.Application, StringComparison.Ordinal));
            if (counted.Count >= limit.Maximum && limit.Action == SessionLimitAction.Refuse)
            {
                return new SessionCreationResult
                {
                    Outcome = SessionCreationOutcome.LimitReached,
                    ActiveSessions = [.. counted.Select(WithoutPayload).OrderByDescending(it => (it.CreatedAt, it.Id))],
                };
            }

            evicted = [.. counted
                .OrderBy(node => limit.Action == SessionLimitAction.EndOldest ? node.Session.CreatedAt : node.Session.LastActiveAt)
                .ThenBy(node => node.Session.Id)
                .Take(counted.Count - limit.Maximum + 1)];
        }

        List<EndedSession> ended = [];
        if (replaces)
        {
            ended.Add(End(replaced!, new SessionEnd(now, SessionEndReason.Replaced, creation.By)));
        }

        foreach (var node in evicted)
        {
            active.Remove(node);
            ended.Add(End(node, new SessionEnd(now, SessionEndReason.Evicted, creation.By)));
        }

        active.Add(Add(creation, shard));
        return new SessionCreationResult
        {
            Outcome = SessionCreationOutcome.Created,
            Ended = ended,
            NetworksBefore = networksBefore,
            Networks = Networks(active),
        };
    }

    private Session? Stored(SessionCreation creation) =>
        _byId.TryGetValue(creation.Session.Id, out var node) || _byToken.TryGetValue(creation.TokenHash, out node)
            ? node.Session
            : null;

    private SessionNode Add(SessionCreation creation, SessionShard shard)
    {
        var session = creation.Session;
        var node = new SessionNode(
            session with
            {
                User = shard.Share(session.User),
                Application = _strings.Share(session.Application)!,
                IpAddress = _strings.Share(session.IpAddress),
                IpNetwork = _strings.Share(session.IpNetwork),
                UserAgent = _strings.Share(session.UserAgent),
                AuthenticationMethods = _strings.Share(session.AuthenticationMethods),
            },
            creation.TokenHash);
        shard.Add(node);
        _wheel.File(node);
        _byId[session.Id] = node;
        _byToken[creation.TokenHash] = node;
        return node;
    }

    private bool Touch(SessionTouch touch)
    {
        if (!_byId.TryGetValue(touch.Id, out var node))
        {
            return false;
        }

        lock (ShardOf(node.Session.User).Lock)
        {
            var session = node.Session;
            if (!session.IsActive(touch.At))
            {
                return false;
            }

            if (touch.At > session.LastActiveAt && session.LastActiveAt <= touch.IfLastActiveBy)
            {
                node.Session = session with { LastActiveAt = touch.At };
            }

            return true;
        }
    }

    private SessionTermination TerminateOfUser(SessionUser user, SessionFilter filter, SessionEnd end, SessionId? current)
    {
        var shard = ShardOf(user);
        lock (shard.Lock)
        {
            var selected = shard.Active(user, end.At).FindAll(node => filter.Matches(node.Session));
            return selected.Exists(node => node.Session.Id == current)
                ? new SessionTermination([], CurrentSelected: true)
                : new SessionTermination([.. selected.Select(node => End(node, end))]);
        }
    }

    private SessionTermination TerminateAnywhere(SessionFilter filter, SessionEnd end, SessionId? current)
    {
        // What a filter looks at either never changes or only moves out of its reach, so the protected session
        // cannot come to be selected after this look.
        if (current is { } id && _byId.TryGetValue(id, out var own) && own.Session.IsActive(end.At) && filter.Matches(own.Session))
        {
            return new SessionTermination([], CurrentSelected: true);
        }

        List<EndedSession> ended = [];
        foreach (var node in Candidates(filter))
        {
            lock (ShardOf(node.Session.User).Lock)
            {
                if (node.Session.IsActive(end.At) && filter.Matches(node.Session))
                {
                    ended.Add(End(node, end));
                }
            }
        }

        return new SessionTermination(ended);
    }

    private EndedSession? Expire(SessionNode node, DateTimeOffset now)
    {
        lock (ShardOf(node.Session.User).Lock)
        {
            var session = node.Session;
            if (session.End is not null)
            {
                return null;
            }

            if (now >= session.ActiveUntil)
            {
                return End(node, session.Timeout());
            }

            _wheel.Remove(node);
            _wheel.File(node);
            return null;
        }
    }

    /// <summary>The only place where a session ends. The caller holds the lock of its shard and has seen that it has not ended.</summary>
    private EndedSession End(SessionNode node, SessionEnd end)
    {
        ShardOf(node.Session.User).Remove(node);
        _wheel.Remove(node);
        node.Session = node.Session with { End = end, Payload = default };
        var session = node.Session;
        var ended = new EndedSession(session.Id, session.User, session.Application, end, node.TokenHash);
        if (_history.Add(node) is { } oldest)
        {
            Forget(oldest);
        }

        return ended;
    }

    private void Forget(SessionNode node)
    {
        _byId.TryRemove(node.Session.Id, out _);
        _byToken.TryRemove(node.TokenHash, out _);
    }

    private SessionShard ShardOf(SessionUser user) => _shards[(uint)user.GetHashCode() % (uint)_shards.Length];

    private static int Networks(List<SessionNode> nodes) =>
        nodes.Select(node => node.Session.IpNetwork).OfType<string>().Distinct(StringComparer.Ordinal).Count();

    private static Session WithoutPayload(SessionNode node) => node.Session with { Payload = default };
}
