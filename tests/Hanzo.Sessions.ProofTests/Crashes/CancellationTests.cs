using System.Diagnostics;
using System.Globalization;
using Hanzo.Sessions.Postgres;
using Npgsql;

namespace Hanzo.Sessions.ProofTests.Crashes;

/// <summary>A slow store and callers who give up: waits are bounded, no connection is lost, nothing is half done.</summary>
public sealed class CancellationTests
{
    private const int PoolSize = 4;
    private const string Name = "cancelled";

    private PostgresDatabase _database = null!;

    [SetUp]
    public async Task CreateDatabaseAsync() => _database = await PostgresDatabase.CreateAsync();

    [Test, Description("V6 T8: a caller who gives up costs no connection and leaves nothing by half")]
    public async Task Callers_who_give_up_at_any_moment_cost_no_connection_and_leave_nothing_by_half()
    {
        await using var source = NpgsqlDataSource.Create(Settings);
        await using var store = new PostgresSessionStore(source);
        await store.PrepareAsync();
        var (answered, given, half) = await GiveUpAsync(store, Proof.Scale(300, 5_000));
        var leaked = await LeakedAsync(source);
        Figures.Report($"PostgreSQL callers who give up: answered={answered} given-up={given} half-done={half} connections-leaked={leaked} pool={PoolSize} seed={Proof.Seed}");
        Assert.That((half, leaked), Is.EqualTo((0, 0)), Proof.Replay);
        Assert.That(given, Is.Positive);
    }

    [Test, Description("Mutant: a connection is forgotten when its caller gives up")]
    public async Task A_store_that_forgets_a_connection_is_caught()
    {
        await using var source = NpgsqlDataSource.Create(Settings);
        await using var store = new PostgresSessionStore(source);
        await store.PrepareAsync();
        var leaky = new LeakyStore(store, source);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        Assert.That(async () => await leaky.CreateAsync(TestSessions.Of(TestSessions.Alice), cancelled.Token), Throws.InstanceOf<OperationCanceledException>());

        var leaked = await LeakedAsync(source);
        Figures.Report($"mutant connection forgotten: caught={leaked > 0}");
        Assert.That(leaked, Is.EqualTo(1));
    }

    [Test, Description("V6: a store that does not answer is a failure after a bounded wait")]
    public async Task A_store_that_does_not_answer_is_a_failure_and_no_connection_is_lost()
    {
        await using var source = NpgsqlDataSource.Create(Settings);
        await using var store = new PostgresSessionStore(
            source, new PostgresSessionStoreOptions { LockTimeout = TimeSpan.FromMilliseconds(100), Retries = 0 });
        await store.PrepareAsync();
        var sessions = CrashRound.Manager(store);
        var issued = await sessions.CreateAsync(new NewSession { User = TestSessions.Alice });
        var caller = SessionCaller.Service("slow store");
        await using (await _database.HoldAsync("LOCK TABLE hanzo_sessions.sessions IN EXCLUSIVE MODE"))
        {
            var writes = new Func<Task>[]
            {
                () => sessions.CreateAsync(new NewSession { User = TestSessions.Bob }),
                () => sessions.TerminateAsync(TestSessions.Alice, issued.Session.Id, caller),
                () => sessions.TerminateAllAsync(TestSessions.Alice, caller),
                () => sessions.RotateAsync(issued.Token.Reveal()),
                () => sessions.TerminateUserAsync(TestSessions.Alice, SessionEndReason.UserDisabled, SessionActor.Service("slow store")),
            };
            foreach (var write in writes)
            {
                await Assert.ThatAsync(
                    () => write(),
                    Throws.TypeOf<PostgresException>().With.Property(nameof(PostgresException.SqlState)).EqualTo(PostgresErrorCodes.LockNotAvailable));
            }

            Assert.That((await sessions.ValidateAsync(issued.Token.Reveal())).IsActive, Is.True, "who only reads does not wait");
        }

        Assert.That(await sessions.TerminateAllAsync(TestSessions.Alice, caller), Has.Count.EqualTo(1));
        Assert.That(await LeakedAsync(source), Is.Zero);
        Figures.Report("PostgreSQL table locked: writes=5 failed-in-time=5 connections-leaked=0");
    }

    private string Settings => $"{_database.ConnectionString};Application Name={Name};Maximum Pool Size={PoolSize};Timeout=2";

    /// <summary>Random operations whose callers give up after a random while, or before they begin.</summary>
    /// <returns>How many were answered and how many given up, and how many have left something that cannot be.</returns>
    private static async Task<(int Answered, int Given, int Half)> GiveUpAsync(PostgresSessionStore store, int operations)
    {
        var sessions = CrashRound.Manager(store);
        var random = new Random(Proof.Seed);
        var (answered, given, half) = (0, 0, 0);
        for (var number = 0; number < operations; number++)
        {
            var user = new SessionUser("acme", string.Create(CultureInfo.InvariantCulture, $"user{number}"));
            var issued = await sessions.CreateAsync(new NewSession { User = user });
            var token = issued.Token.Reveal();
            using var request = new CancellationTokenSource();
            var (kind, patience) = (random.Next(3), random.Next(4) == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(random.Next(0, 2_000)));
            if (random.Next(8) == 0)
            {
                await request.CancelAsync(); // before it begins: on a busy machine calls may be quicker than every patience
            }

            var call = kind switch
            {
                0 => sessions.CreateAsync(new NewSession { User = user }, request.Token),
                1 => sessions.RotateAsync(token, cancellationToken: request.Token),
                _ => (Task)sessions.ListAsync(new SessionQuery { Filter = SessionFilter.Of(user) }, request.Token),
            };
            var start = Stopwatch.GetTimestamp();
            SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(start) >= patience);
            await request.CancelAsync();
            try
            {
                await call;
                answered++;
            }
            catch (OperationCanceledException)
            {
                given++;
            }

            var there = (await sessions.ListAsync(new SessionQuery { Filter = SessionFilter.Of(user) }, CancellationToken.None)).Items.Count;
            var old = (await sessions.ValidateAsync(token, passive: true, CancellationToken.None)).Status;
            half += kind switch
            {
                0 => there is 1 or 2 && old == SessionStatus.Active,
                1 => there == 1 && old is SessionStatus.Active or SessionStatus.Unknown,
                _ => there == 1 && old == SessionStatus.Active,
            } ? 0 : 1;
        }

        return (answered, given, half);
    }

    /// <summary>How many of the pool's connections cannot be had any more, or are in the middle of something.</summary>
    private async Task<int> LeakedAsync(NpgsqlDataSource source)
    {
        List<NpgsqlConnection> open = [];
        try
        {
            for (var i = 0; i < PoolSize; i++)
            {
                open.Add(await source.OpenConnectionAsync());
            }
        }
        catch (NpgsqlException fault) when (fault.InnerException is TimeoutException)
        {
            // The rest is lost.
        }

        // What a caller has given up ends on the server a moment later.
        var start = Stopwatch.GetTimestamp();
        long busy;
        do
        {
            busy = (long)(await _database.ExecuteAsync(
                $"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{Name}' AND datname = current_database() AND state <> 'idle'"))!;
        }
        while (busy > 0 && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30));
        foreach (var connection in open)
        {
            await connection.DisposeAsync();
        }

        return PoolSize - open.Count + (int)busy;
    }

    /// <summary>A bug to be found: a connection is not given back when the caller gives up.</summary>
    private sealed class LeakyStore(ISessionStore inner, NpgsqlDataSource source) : DelegatingSessionStore(inner)
    {
        public override async Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default)
        {
            var connection = await source.OpenConnectionAsync(CancellationToken.None);
            var result = await Inner.CreateAsync(creation, cancellationToken);
            await connection.DisposeAsync();
            return result;
        }
    }
}
