using System.Collections.Concurrent;
using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.Testing;
using Npgsql;

namespace Hanzo.Sessions.StoreTests.Postgres;

/// <summary>What a pooler between the store and its server changes.</summary>
public sealed class PostgresPoolerTests
{
    private const string Prepared = "A pooler in transaction mode stands between the app and PostgreSQL, and does not know the statements that Npgsql prepares";
    private const string TooFew = "The pooler between the app and PostgreSQL gives no connection of the server.";

    private PostgresDatabase _database = null!;

    [SetUp]
    public async Task MakeAsync()
    {
        _database = await PostgresDatabase.CreateAsync();
        await using var store = _database.Open();
        await store.PrepareAsync();
    }

    [TestCase("transaction", 5)]
    [TestCase("session", 100)]
    [Description("C2, T8, V4 with the defaults nothing fails and nothing is lost, and the limit is exact")]
    public async Task Thirty_two_callers_at_once_work_through_a_pooler(string mode, int poolSize)
    {
        await using var pooler = await PgBouncer.StartAsync(_database.ConnectionString, mode, poolSize);
        await using var one = PostgresDatabase.OpenAs(pooler.ConnectionString);
        await using var two = PostgresDatabase.OpenAs(pooler.ConnectionString);
        await Task.WhenAll(one.PrepareAsync(), two.PrepareAsync());
        ConcurrentBag<string> faults = [];

        var admitted = await Task.WhenAll(Enumerable.Range(0, 32).Select(number => Task.Run(() => SignInAsync(number % 2 == 0 ? one : two))));

        Assert.That(faults, Is.Empty);
        Assert.That(admitted.Sum(), Is.EqualTo(10), "of 160 sign-ins of one user");
        Assert.That(
            await _database.ExecuteAsync("SELECT count(*) FROM hanzo_sessions.sessions WHERE ended_at IS NULL"), Is.EqualTo(10L));
        Assert.That((await one.InspectAsync()).WriteFault, Is.Null);

        async Task<int> SignInAsync(PostgresSessionStore store)
        {
            var count = 0;
            for (var round = 0; round < 5; round++)
            {
                try
                {
                    var creation = TestSessions.Of(TestSessions.Alice).LimitedTo(10);
                    count += (await store.CreateAsync(creation)).Outcome == SessionCreationOutcome.Created ? 1 : 0;
                    await store.FindByTokenAsync(creation.TokenHash);

                    var other = TestSessions.Of(TestSessions.Bob);
                    await store.CreateAsync(other);
                    await store.TouchAsync(new SessionTouch(
                        other.Session.Id, TestSessions.Start.AddMinutes(1), TestSessions.Start.AddMinutes(61), TestSessions.Start));
                    var ended = await store.TerminateAsync(
                        new SessionFilter { Scope = SessionScope.AllOrganizations, Id = other.Session.Id },
                        new SessionEnd(TestSessions.Start, SessionEndReason.SignedOut, null));
                    if (ended.Ended.Count != 1 || (await store.FindByTokenAsync(other.TokenHash)).Session?.End is null)
                    {
                        faults.Add($"{other.Session.Id} did not end");
                    }
                }
#pragma warning disable CA1031 // Whatever fails is what the test is about.
                catch (Exception fault)
#pragma warning restore CA1031
                {
                    faults.Add(fault.Message);
                }
            }

            return count;
        }
    }

    [Test, Description("Statements that the app has told the driver to prepare are refused at start, with what to write")]
    public async Task Preparing_that_the_app_has_chosen_is_refused_behind_a_pooler_in_transaction_mode()
    {
        await using var pooler = await PgBouncer.StartAsync(_database.ConnectionString, "transaction");
        await using var source = NpgsqlDataSource.Create($"{pooler.ConnectionString};Max Auto Prepare=20;No Reset On Close=true");
        await using var own = PostgresDatabase.OpenAs(pooler.ConnectionString, "Max Auto Prepare=100");
        await using var foreign = new PostgresSessionStore(source);

        foreach (var store in (PostgresSessionStore[])[own, foreign])
        {
            Assert.That(
                () => store.PrepareAsync(),
                Throws.InvalidOperationException.With.Message.StartsWith(Prepared).And.Message.EndsWith("Set Max Auto Prepare=0 in the connection string."));
            Assert.That((await store.InspectAsync()).WriteFault, Does.StartWith(Prepared));
        }

        Assert.That(await _database.ExecuteAsync("SELECT count(*) FROM pg_prepared_statements"), Is.Zero);
    }

    [TestCase("session", "Max Auto Prepare=20")]
    [TestCase("transaction", "Max Auto Prepare=0")]
    [TestCase("transaction", "No Reset On Close=true")]
    [Description("A data source of the app that works with its pooler is taken as it is")]
    public async Task A_data_source_of_the_app_works_through_its_pooler(string mode, string settings)
    {
        await using var pooler = await PgBouncer.StartAsync(_database.ConnectionString, mode);
        await using var source = NpgsqlDataSource.Create($"{pooler.ConnectionString};{settings}");
        await using var store = new PostgresSessionStore(source);
        await store.PrepareAsync();

        for (var round = 0; round < 20; round++)
        {
            var creation = TestSessions.Of(TestSessions.Alice);
            await store.CreateAsync(creation);
            Assert.That((await store.FindByTokenAsync(creation.TokenHash)).Session, Is.Not.Null);
        }

        Assert.That((await store.InspectAsync()).WriteFault, Is.Null);
    }

    [Test, Description("In session mode a pool that is too small is a fault with a reason, and not a wait without end")]
    public async Task A_pool_that_is_too_small_is_a_fault_that_says_so()
    {
        await using var pooler = await PgBouncer.StartAsync(_database.ConnectionString, "session", poolSize: 1);
        await using var store = PostgresDatabase.OpenAs(
            pooler.ConnectionString,
            "Maximum Pool Size=7",
            options => (options.LockTimeout, options.StatementTimeout) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)));
        await store.PrepareAsync();
        await using var user = await _database.HoldAsync("LOCK TABLE hanzo_sessions.sessions");
        var holding = store.CreateAsync(TestSessions.Of(TestSessions.Alice)); // has the only connection until the lock is free

        var waiting = await Assert.ThrowsAsync<NpgsqlException>(async () => await store.FindAsync(SessionId.New(TestSessions.Start)));
        var state = await store.InspectAsync();

        Assert.That(waiting!.Message, Does.StartWith(TooFew).And.Contains("as large as the app's, 7"));
        Assert.That(waiting.InnerException, Is.TypeOf<TimeoutException>());
        Assert.That(state.WriteFault, Is.EqualTo(waiting.Message));
        await user.DisposeAsync();
        Assert.That((await holding).Outcome, Is.EqualTo(SessionCreationOutcome.Created));
    }

    [Test, Description("What the pooler itself refuses is its own error")]
    public async Task Settings_in_the_connection_string_that_the_pooler_does_not_know_are_its_error()
    {
        await using var pooler = await PgBouncer.StartAsync(_database.ConnectionString, "transaction");
        await using var store = PostgresDatabase.OpenAs(
            pooler.ConnectionString, "Options=-c work_mem=1MB", options => (options.Retries, options.StartTimeout) = (0, TimeSpan.Zero));

        Assert.That(
            () => store.PrepareAsync(),
            Throws.TypeOf<PostgresException>().With.Property(nameof(PostgresException.MessageText)).EqualTo("unsupported startup parameter: options"));
    }

    [TestCase("", 100)]
    [TestCase("transaction", 0)]
    [TestCase("session", 0)]
    [Description("V5 only behind a pooler the store does without prepared statements")]
    public async Task The_store_prepares_statements_unless_a_pooler_stands_in_between(string mode, int prepared)
    {
        await using var pooler = mode.Length > 0 ? await PgBouncer.StartAsync(_database.ConnectionString, mode) : null;
        await using var store = PostgresDatabase.OpenAs(pooler?.ConnectionString ?? _database.ConnectionString);
        await store.FindAsync(SessionId.New(TestSessions.Start));

        var settings = new NpgsqlConnectionStringBuilder(store.Connections.Current.Primary.ConnectionString);
        Assert.That((settings.MaxAutoPrepare, store.Connections.ArePooled), Is.EqualTo((prepared, pooler is not null)));
    }
}
