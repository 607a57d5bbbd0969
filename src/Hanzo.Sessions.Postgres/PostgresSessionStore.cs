using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hanzo.Sessions.Postgres;

/// <summary>
/// Keeps sessions in PostgreSQL 13 or later, for any number of servers. Each transaction sets its own isolation,
/// durability, timeouts and search_path, so the defaults of the role and of the connection do not matter. A lookup by token
/// or id is one statement without a transaction, which means the same under any of these. It fails after the shorter of
/// <see cref="PostgresSessionStoreOptions.LockTimeout"/> and <see cref="PostgresSessionStoreOptions.StatementTimeout"/>,
/// or earlier if the role has a shorter timeout.
/// </summary>
/// <remarks>
/// A creation, a rotation, a move and an end are durable when the call returns: the store raises synchronous_commit <c>off</c> and
/// <c>local</c> to <c>on</c>, and keeps any other value. Activity never waits for the disk, also if it changes the address within
/// the known place: a crash of the server may lose the last half second of it, but no end. A purge uses the synchronous_commit
/// of the connection. Failures are Npgsql's own exceptions, after <see cref="PostgresSessionStoreOptions.Retries"/>.
/// </remarks>
public sealed partial class PostgresSessionStore : ISessionStore, IAsyncDisposable, IDisposable
{
    private readonly Database _database;
    private readonly Connections _connections;
    private readonly string _sessions;
    private readonly string _forgotten;
    private readonly string _usualSignIn;
    private readonly string _usualAdoption;
    private readonly string _anySignIn;
    private readonly string _writeOne;
    private readonly AnsweredEnds _answered = new();
    private readonly GroupedCalls<SessionTouch, TouchAnswer> _touches;
    private readonly ILogger _logger;
    private readonly Lookup<byte[]> _byToken;
    private readonly Lookup<Guid> _byId;

    // A statement takes at most one activity of a session.
    private static readonly IEqualityComparer<SessionTouch> TouchesOfOneSession =
        EqualityComparer<SessionTouch>.Create((one, other) => one.Id == other.Id, touch => touch.Id.GetHashCode());

    private static readonly IEqualityComparer<byte[]> SameBytes =
        EqualityComparer<byte[]>.Create((one, other) => one.AsSpan().SequenceEqual(other));

    /// <summary>Creates a store with its own connections.</summary>
    /// <param name="connectionString">
    /// The connection string. Unless it says otherwise, the store prepares commands (not behind a pooler such as PgBouncer),
    /// loads no types, and does not reset a connection that returns to its pool.
    /// </param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <param name="clock">Measures the waits between attempts. Any other clock than the system's replaces that of PostgreSQL
    /// too, so that the two are not compared: for tests that move time. Null for the system clock.</param>
    /// <exception cref="ArgumentException">The connection string turns multiplexing on.</exception>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    public PostgresSessionStore(string connectionString, PostgresSessionStoreOptions? options = null, TimeProvider? clock = null)
        : this(Connections.Own(connectionString, loggers: null), options, clock)
    {
    }

    /// <summary>Creates a store on a data source that the app disposes.</summary>
    /// <param name="dataSource">
    /// The source of connections. <c>Max Auto Prepare</c> and <c>No Reset On Close</c> in its connection string make the
    /// store's commands cheaper. If it has several hosts (<c>BuildMultiHost</c>, without <c>WithTargetSession</c>), the store
    /// uses the primary.
    /// </param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <param name="clock">Measures the waits between attempts. Any other clock than the system's replaces that of PostgreSQL
    /// too, so that the two are not compared: for tests that move time. Null for the system clock.</param>
    /// <exception cref="ArgumentException">The data source is multiplexing.</exception>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    public PostgresSessionStore(NpgsqlDataSource dataSource, PostgresSessionStoreOptions? options = null, TimeProvider? clock = null)
        : this(Foreign(dataSource), options, clock)
    {
    }

    internal PostgresSessionStore(
        Connections connections, PostgresSessionStoreOptions? options, TimeProvider? clock, ILogger? logger = null)
    {
        options ??= new PostgresSessionStoreOptions();
        PostgresSessionStoreOptionsValidator.Check(options);
        _logger = logger ?? NullLogger.Instance;
        _connections = connections;
        _database = new Database(connections, options, clock ?? TimeProvider.System, _logger);
        Schema = new Schema(_database, options.Schema, options.StartTimeout, _logger);
        _sessions = $"\"{options.Schema}\".sessions";
        _forgotten = $"\"{options.Schema}\".forgotten_sessions";
        _usualSignIn = UsualSignInText(_sessions, unless: "");
        _usualAdoption = UsualSignInText(_sessions, UnlessForgotten(_forgotten));
        _anySignIn = AnySignInText(_sessions, _forgotten);
        _writeOne = WriteOneText(_sessions);
        _touches = new GroupedCalls<SessionTouch, TouchAnswer>(
            atOnce: 1, together: 256, WriteOneAsync, WriteAllAsync, _database.Clock, apart: TouchesOfOneSession);
        _byToken = new Lookup<byte[]>(_database, _sessions, "token_hash", SameBytes);
        _byId = new Lookup<Guid>(_database, _sessions, "id", EqualityComparer<Guid>.Default);
    }

    /// <summary>The connections, for tests.</summary>
    internal Connections Connections => _connections;

    /// <summary>The schema, for tests.</summary>
    internal Schema Schema { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// If the schema exists and lacks nothing, the role only needs the right to read it. Otherwise one server creates it, or adds
    /// what one of an earlier version lacks, and the others wait. Servers of that version go on serving: none of their requests
    /// waits longer than a second. While PostgreSQL cannot be reached or is not ready, and while other transactions hold a table
    /// that gets something, the call waits for <see cref="PostgresSessionStoreOptions.StartTimeout"/>.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// The role may not create or change the schema (the message names the script to run), or transactions held a table for too
    /// long, or the schema has a version that this package does not know, or lacks a table, or the database is not in UTF8, or the
    /// app's own setting <c>Max Auto Prepare</c> does not work with the pooler in front of PostgreSQL.
    /// </exception>
    public Task PrepareAsync(CancellationToken cancellationToken = default)
    {
        if (_database.IsClockReplaced)
        {
            Log.ClockReplaced(_logger, _database.Clock.GetType());
        }

        return Schema.PrepareAsync(TurnOf(user: null), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SessionStoreState> InspectAsync(CancellationToken cancellationToken = default) => Schema.InspectAsync(cancellationToken);

    /// <summary>Closes the store's own connections.</summary>
    public void Dispose() => _connections.Dispose();

    /// <summary>Closes the store's own connections.</summary>
    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    internal static Connections Foreign(NpgsqlDataSource dataSource)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        OwnedDataSource.RefuseMultiplexing(dataSource.ConnectionString, nameof(dataSource));
        return Connections.Of(dataSource);
    }

    /// <summary>
    /// The key of the advisory lock that a user's sign-ins and terminations take in turn. If two users have the same key,
    /// they merely take turns.
    /// </summary>
    private long TurnOf(SessionUser? user)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"Hanzo.Sessions/{Schema.Name}/{user}"));
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
