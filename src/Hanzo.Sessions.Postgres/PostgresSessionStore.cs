using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hanzo.Sessions.Postgres;

/// <summary>
/// Sessions in PostgreSQL 13 or later: one truth for any number of servers. Nothing depends on the defaults of the
/// role or of the connection: isolation, durability, timeouts and search_path are the store's own, per transaction (but
/// for the <c>transaction_timeout</c> of PostgreSQL 17, which the role should not have). A lookup by token or id is a
/// statement without one, that means the same under any of these; it is given up after the shorter of
/// <see cref="PostgresSessionStoreOptions.LockTimeout"/> and <see cref="PostgresSessionStoreOptions.StatementTimeout"/>,
/// and earlier only where the role has a shorter timeout.
/// </summary>
/// <remarks>
/// A creation, a rotation and an end are answered when they are durable (synchronous_commit <c>off</c> and <c>local</c>
/// are raised to <c>on</c>; what else the connection has is kept). Activity does not wait for the disk, whatever the
/// connection has: a crash of the server may lose the last half second of it, but no end. A purge is as durable as the
/// connection has it. Failures are Npgsql's own exceptions, after <see cref="PostgresSessionStoreOptions.Retries"/>.
/// </remarks>
public sealed partial class PostgresSessionStore : ISessionStore, IAsyncDisposable, IDisposable
{
    private readonly Database _database;
    private readonly NpgsqlDataSource? _owned;
    private readonly string _sessions;
    private readonly string _usualSignIn;
    private readonly string _anySignIn;
    private readonly string _writeOne;
    private readonly GroupedCalls<SessionTouch, bool> _touches;
    private readonly Lookup<byte[]> _byToken;
    private readonly Lookup<Guid> _byId;

    // One statement has one activity of a session.
    private static readonly IEqualityComparer<SessionTouch> TouchesOfOneSession =
        EqualityComparer<SessionTouch>.Create((one, other) => one.Id == other.Id, touch => touch.Id.GetHashCode());

    private static readonly IEqualityComparer<byte[]> SameBytes =
        EqualityComparer<byte[]>.Create((one, other) => one.AsSpan().SequenceEqual(other));

    /// <summary>A store with connections of its own.</summary>
    /// <param name="connectionString">
    /// How to reach the server. What it does not set is set for speed: prepared commands, and no reset when a
    /// connection goes back to its pool.
    /// </param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <param name="clock">What waits between two attempts are measured by; null for the system's.</param>
    /// <exception cref="ArgumentException">The connection string asks for multiplexing.</exception>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    public PostgresSessionStore(string connectionString, PostgresSessionStoreOptions? options = null, TimeProvider? clock = null)
        : this(OwnedDataSource.Create(connectionString, loggers: null), options, clock, owns: true)
    {
    }

    /// <summary>A store on connections of the app, which disposes of them.</summary>
    /// <param name="dataSource">
    /// Where connections come from. <c>Max Auto Prepare</c> and <c>No Reset On Close</c> in its connection string
    /// make the store's commands cheaper. Of several hosts (<c>BuildMultiHost</c>, without <c>WithTargetSession</c>) the primary
    /// is used.
    /// </param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <param name="clock">What waits between two attempts are measured by; null for the system's.</param>
    /// <exception cref="ArgumentException">The data source is multiplexing.</exception>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    public PostgresSessionStore(NpgsqlDataSource dataSource, PostgresSessionStoreOptions? options = null, TimeProvider? clock = null)
        : this(dataSource, options, clock, owns: false)
    {
    }

    internal PostgresSessionStore(NpgsqlDataSource dataSource, PostgresSessionStoreOptions? options, TimeProvider? clock, bool owns)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        options ??= new PostgresSessionStoreOptions();
        PostgresSessionStoreOptionsValidator.Check(options);
        OwnedDataSource.RefuseMultiplexing(dataSource.ConnectionString, nameof(dataSource));
        _owned = owns ? dataSource : null;
        _database = new Database(dataSource, options, clock ?? TimeProvider.System);
        Schema = new Schema(_database, options.Schema);
        _sessions = $"\"{options.Schema}\".sessions";
        _usualSignIn = UsualSignInText(_sessions);
        _anySignIn = AnySignInText(_sessions);
        _writeOne = WriteOneText(_sessions);
        _touches = new GroupedCalls<SessionTouch, bool>(
            atOnce: 1, together: 256, WriteOneAsync, WriteAllAsync, _database.Clock, apart: TouchesOfOneSession);
        _byToken = new Lookup<byte[]>(_database, _sessions, "token_hash", SameBytes);
        _byId = new Lookup<Guid>(_database, _sessions, "id", EqualityComparer<Guid>.Default);
    }

    /// <summary>The schema, for tests that look beneath.</summary>
    internal Schema Schema { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// A schema that exists takes no more rights than reading it. Otherwise one of any number of servers creates it, and the
    /// others wait.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The schema is of a version that this package does not know, or is not whole, or the database is not in UTF8.</exception>
    public Task PrepareAsync(CancellationToken cancellationToken = default) =>
        Schema.PrepareAsync(TurnOf(user: null), cancellationToken);

    /// <inheritdoc/>
    public Task<SessionStoreState> InspectAsync(CancellationToken cancellationToken = default) => Schema.InspectAsync(cancellationToken);

    /// <summary>Closes the store's own connections.</summary>
    public void Dispose() => _owned?.Dispose();

    /// <summary>Closes the store's own connections.</summary>
    public ValueTask DisposeAsync() => _owned?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>
    /// The advisory lock under which what must not interleave for one user takes turns. Two users with the same lock
    /// only wait for each other.
    /// </summary>
    private long TurnOf(SessionUser? user)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"Hanzo.Sessions/{Schema.Name}/{user}"));
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
