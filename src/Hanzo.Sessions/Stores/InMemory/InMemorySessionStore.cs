using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions;

/// <summary>
/// The default store: one process, gone at restart, exact under any concurrency. A lookup takes no lock. A list of one
/// user's active sessions reads only the sessions of that user, and a list of an organization reads all sessions. A list of history reads
/// all ended sessions that are kept, also for one user.
/// </summary>
/// <remarks>
/// <para>A session is one <see cref="SessionNode"/>. The tables find it by token and by id; it is linked in the list of its
/// user and in the expiry wheel. Its <see cref="Session"/> is immutable and is replaced as a whole, so readers need
/// no lock. Writers take locks in this order:</para>
/// <list type="number">
/// <item><c>_sameToken</c>: one of 64 locks, by token hash; a create takes it, so that one token, and the id that may follow
/// from it, is stored once. A rotation's token is fresh and needs none.</item>
/// <item><see cref="SessionShard.Lock"/>: one of 64, by user; it guards every change of the user's sessions, their list and
/// their places in the expiry wheel. A create takes that of its user and that of the session it replaces, in the order of
/// <see cref="SessionShard.Number"/>; if both are one, it is taken twice.</item>
/// <item>The lock of a part of a table, or that of the history: each guards its own links, and no code takes another lock
/// under it. An ended node never changes, so removing it from history and tables needs no shard's lock.</item>
/// </list>
/// <para>Code that finds a node before it holds the shard's lock finds it again under the lock: a rotation may have put
/// another node in its place.</para>
/// </remarks>
public sealed partial class InMemorySessionStore : ISessionStore
{
    private readonly NodeTable<SessionTokenHash, ByToken> _byToken = new();
    private readonly NodeTable<SessionId, ById> _byId = new();
    private readonly SessionShard[] _shards = [.. Enumerable.Range(0, 64).Select(number => new SessionShard(number))];
    private readonly Lock[] _sameToken = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];
    private readonly SessionHistory _history;
    private readonly ConcurrentDictionary<SessionId, DateTimeOffset> _forgotten = [];
    private readonly StringPool _strings = new();
    private long _newest;

    /// <summary>Creates an empty store.</summary>
    /// <param name="options">Says how many ended sessions to keep.</param>
    public InMemorySessionStore(IOptions<HanzoSessionsOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _history = new SessionHistory(options.Value.HistoryCapacity);
    }

    /// <inheritdoc/>
    public Task PrepareAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<SessionStoreState> InspectAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var newest = Interlocked.Read(ref _newest);
        return Task.FromResult(new SessionStoreState { NewestInstant = newest == 0 ? null : new DateTimeOffset(newest, TimeSpan.Zero) });
    }

    private void Saw(DateTimeOffset instant)
    {
        var (newest, ticks) = (Interlocked.Read(ref _newest), instant.UtcTicks);
        while (ticks > newest && Interlocked.CompareExchange(ref _newest, ticks, newest) is var found && found != newest)
        {
            newest = found;
        }
    }

    private SessionShard ShardOf(SessionNode node) => _shards[node.Shard];

    private SessionShard ShardOf(SessionUser user) => _shards[(uint)user.GetHashCode() % (uint)_shards.Length];

    private static Session WithoutPayload(SessionNode node) => node.Session with { Payload = default };
}
