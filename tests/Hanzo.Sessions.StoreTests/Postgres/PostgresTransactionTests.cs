using System.Transactions;
using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.Testing;
using Npgsql;

namespace Hanzo.Sessions.StoreTests.Postgres;

/// <summary>What the store's transactions are like, and that nothing of it is left to the role or to the caller.</summary>
public sealed class PostgresTransactionTests
{
    private PostgresDatabase _database = null!;
    private PostgresSessionStore _owner = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        _database = await PostgresDatabase.CreateAsync();
        _owner = _database.Open();
        await _owner.PrepareAsync();
    }

    [TearDown]
    public async Task CloseAsync()
    {
        if (_owner is not null)
        {
            await _owner.DisposeAsync();
        }
    }

    [Test, Description("C2 T8")]
    [TestCase("default_transaction_isolation = 'repeatable read'", "on")]
    [TestCase("default_transaction_isolation = 'serializable'", "on")]
    [TestCase("search_path = hostile, pg_catalog", "on")]
    [TestCase("synchronous_commit = off", "on")]
    [TestCase("synchronous_commit = local", "on")]
    [TestCase("synchronous_commit = remote_write", "remote_write")]
    [TestCase("synchronous_commit = remote_apply", "remote_apply")]
    [TestCase("statement_timeout = '1h'", "on")]
    [TestCase("lock_timeout = '1h'", "on")]
    [TestCase("default_transaction_read_only = on", "on")]
    public async Task Sign_ins_and_terminations_run_under_the_settings_of_the_store(string setting, string durability)
    {
        await _database.ExecuteAsync(
            """
            CREATE TABLE public.seen (settings text);
            GRANT INSERT ON public.seen TO PUBLIC;
            CREATE FUNCTION public.look() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO public.seen VALUES (concat_ws(' ', current_setting('transaction_isolation'), current_setting('search_path'),
                    current_setting('synchronous_commit'), current_setting('lock_timeout'), current_setting('statement_timeout')));
                RETURN NULL;
            END $$;
            CREATE TRIGGER look AFTER INSERT OR UPDATE ON hanzo_sessions.sessions FOR EACH ROW EXECUTE FUNCTION public.look();
            """);
        await using var store = PostgresDatabase.OpenAs(await _database.CreateRoleAsync(setting));
        var creation = TestSessions.Of(TestSessions.Alice).LimitedTo(10);
        Assert.That((await store.CreateAsync(creation)).Outcome, Is.EqualTo(SessionCreationOutcome.Created));
        Assert.That((await store.FindByTokenAsync(creation.TokenHash)).Session, Is.Not.Null);
        await store.CreateAsync(TestSessions.Of(TestSessions.Bob));
        var termination = await store.TerminateAsync(
            SessionFilter.Of(TestSessions.Alice), new SessionEnd(TestSessions.Start, SessionEndReason.UserDisabled, null));
        Assert.That(termination.Ended, Has.Count.EqualTo(1));
        await store.TerminateAsync(
            new SessionFilter { Scope = SessionScope.AllOrganizations }, new SessionEnd(TestSessions.Start, SessionEndReason.TerminatedByAdmin, null));

        // What ends the sessions of many users may be many.
        var usual = $"read committed pg_catalog {durability} 5s";
        Assert.That(
            await _database.ExecuteAsync("SELECT string_agg(settings, '; ') FROM public.seen"),
            Is.EqualTo($"{usual} 30s; {usual} 30s; {usual} 30s; {usual} 10min"));
    }

    [Test, Description("Session state is never changed outside a transaction")]
    public async Task A_connection_of_a_foreign_data_source_goes_back_as_it_came()
    {
        await using var source = NpgsqlDataSource.Create($"{_database.ConnectionString};Maximum Pool Size=1;No Reset On Close=true");
        const string settings =
            "SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings WHERE name NOT LIKE 'transaction_%'";
        await using var look = source.CreateCommand(settings);
        var before = await look.ExecuteScalarAsync();

        await using (var store = new PostgresSessionStore(source))
        {
            await store.CreateAsync(TestSessions.Of(TestSessions.Alice).LimitedTo(1));
            await store.CreateAsync(TestSessions.Of(TestSessions.Alice).LimitedTo(1));
            await store.TerminateAsync(
                SessionFilter.Of(TestSessions.Alice), new SessionEnd(TestSessions.Start, SessionEndReason.SignedOut, null));
        }

        Assert.That(await look.ExecuteScalarAsync(), Is.EqualTo(before));
    }

    [Test, Description("No verb assumes a transaction of the caller")]
    public async Task A_transaction_of_the_caller_does_not_take_the_store_along()
    {
        await using var source = NpgsqlDataSource.Create(_database.ConnectionString);
        await using var store = new PostgresSessionStore(source);
        var creation = TestSessions.Of(TestSessions.Alice);
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await store.CreateAsync(creation);
            Assert.That((await store.FindAsync(creation.Session.Id)).Session, Is.Not.Null);
        }

        Assert.That((await store.FindAsync(creation.Session.Id)).Session, Is.Not.Null, "after the rollback");
    }

    [Test, Description("Lock and statement timeouts are the store's")]
    public async Task A_lock_that_is_not_given_free_ends_the_wait_and_the_connection_is_as_good_as_new()
    {
        await using var store = _database.Open("Maximum Pool Size=1", options => options.LockTimeout = TimeSpan.FromMilliseconds(50));
        var creation = TestSessions.Of(TestSessions.Alice);
        await store.CreateAsync(creation);
        var end = new SessionEnd(TestSessions.Start, SessionEndReason.SignedOut, null);
        await using (var connection = new NpgsqlConnection(_database.ConnectionString))
        {
            await connection.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand("SELECT FROM hanzo_sessions.sessions FOR UPDATE", connection, transaction);
            await hold.ExecuteNonQueryAsync();
            Assert.That(
                () => store.TerminateAsync(SessionFilter.Of(TestSessions.Alice), end),
                Throws.TypeOf<PostgresException>().With.Property(nameof(PostgresException.SqlState)).EqualTo(PostgresErrorCodes.LockNotAvailable));
            Assert.That((await store.FindAsync(creation.Session.Id)).Session?.End, Is.Null);
        }

        Assert.That((await store.TerminateAsync(SessionFilter.Of(TestSessions.Alice), end)).Ended, Has.Count.EqualTo(1));
    }

    [Test, Description("A deadlock is tried again")]
    public async Task Users_who_sign_in_over_each_others_sessions_all_get_one()
    {
        await using var store = _database.Open();
        for (var round = 0; round < 5; round++)
        {
            var alice = TestSessions.Of(new SessionUser("acme", $"alice{round}"));
            var bob = TestSessions.Of(new SessionUser("acme", $"bob{round}"));
            await store.CreateAsync(alice);
            await store.CreateAsync(bob);

            // Each replaces the other's session and evicts its own: the two rows are wanted in opposite order.
            var results = await Task.WhenAll(
                store.CreateAsync(TestSessions.Of(alice.Session.User).Over(bob.TokenHash).LimitedTo(1, action: SessionLimitAction.EndOldest)),
                store.CreateAsync(TestSessions.Of(bob.Session.User).Over(alice.TokenHash).LimitedTo(1, action: SessionLimitAction.EndOldest)));
            Assert.That(results.Select(it => it.Outcome), Is.All.EqualTo(SessionCreationOutcome.Created));
            Assert.That(results.Sum(it => it.Ended.Count), Is.EqualTo(2));
        }
    }
}
