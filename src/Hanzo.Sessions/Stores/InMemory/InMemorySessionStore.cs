using Microsoft.Extensions.Options;

namespace Hanzo.Sessions;

/// <summary>
/// The default store: one process, gone at restart, exact under any concurrency. A lookup takes no lock. A list of one
/// user's active sessions looks at that user's alone, a list of an organization's at all sessions; a list of history looks at
/// all ended sessions that are kept, one user's as well.
/// </summary>
public sealed partial class InMemorySessionStore : ISessionStore
{
    private readonly NodeTable<SessionTokenHash, ByToken> _byToken = new();
    private readonly NodeTable<SessionId, ById> _byId = new();
    private readonly SessionShard[] _shards = [.. Enumerable.Range(0, 64).Select(number => new SessionShard(number))];
    private readonly Lock[] _sameToken = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];
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
    public ValueTask<Session?> FindByTokenAsync(
        SessionTokenHash tokenHash, CancellationToken cancellationToken = default) =>
        new(_byToken.Find(tokenHash)?.Session);

    /// <inheritdoc/>
    public ValueTask<Session?> FindAsync(SessionId id, CancellationToken cancellationToken = default) =>
        new(_byId.Find(id)?.Session);

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
        return Task.FromResult(_byToken.Find(rotation.Current) is { } node ? Rotate(rotation, ShardOf(node)) : null);
    }

    private Session? Rotate(SessionRotation rotation, SessionShard shard)
    {
        lock (shard.Lock)
        {
            if (_byToken.Find(rotation.Current) is not { } old || !old.Session.IsActive(rotation.Now))
            {
                return null;
            }

            var session = rotation.Payload is { } payload ? old.Session with { Payload = payload } : old.Session;
            var node = new SessionNode(session, rotation.Next);
            shard.Remove(old);
            shard.Add(node);
            _byId.Replace(old, node);
            _byToken.Add(node);
            _byToken.Remove(old);
            return session;
        }
    }

    private bool Touch(SessionTouch touch)
    {
        if (_byId.Find(touch.Id) is not { } found)
        {
            return false;
        }

        var shard = ShardOf(found);
        lock (shard.Lock)
        {
            // A rotation may have put another node in its place meanwhile.
            if (_byId.Find(touch.Id) is not { } node || !node.Session.IsActive(touch.At))
            {
                return false;
            }

            var session = node.Session;
            if (touch.At > session.LastActiveAt && session.LastActiveAt <= touch.IfLastActiveBy)
            {
                node.Session = session with { LastActiveAt = touch.At };
                shard.Touched(node);
            }

            return true;
        }
    }

    private SessionShard ShardOf(SessionNode node) => _shards[node.Shard];

    private SessionShard ShardOf(SessionUser user) => _shards[(uint)user.GetHashCode() % (uint)_shards.Length];

    private static Session WithoutPayload(SessionNode node) => node.Session with { Payload = default };
}
