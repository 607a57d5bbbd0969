using System.Globalization;
using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.Testing;
using Npgsql;

namespace Hanzo.Sessions.StoreTests.Postgres;

/// <summary>Connections that are killed, refused, or not to be had.</summary>
public sealed class PostgresConnectionTests
{
    private static readonly SessionEnd End = new(TestSessions.Start, SessionEndReason.TerminatedByAdmin, SessionActor.Service("a test"));

    private PostgresDatabase _database = null!;
    private PostgresSessionStore _store = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        _database = await PostgresDatabase.CreateAsync();
        _store = _database.Open("Application Name=victim");
        await _store.PrepareAsync();
    }

    [TearDown]
    public async Task CloseAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    [Test, Description("T8")]
    public async Task A_termination_whose_connection_is_killed_while_it_waits_is_done_on_another()
    {
        await _store.CreateAsync(TestSessions.Of(TestSessions.Alice));
        Task<SessionTerminationResult> terminating;
        await using (await _database.HoldAsync("SELECT FROM hanzo_sessions.sessions FOR UPDATE"))
        {
            terminating = _store.TerminateAsync(SessionFilter.Of(TestSessions.Alice), End);
            await KillAsync("wait_event_type = 'Lock'", atLeast: 1);
        }

        Assert.That((await terminating).Ended, Has.Count.EqualTo(1));
    }

    [TestCase(false, true)]
    [TestCase(true, true, Description = "the one of which a connection was lost is used again at once")]
    [TestCase(true, false, Description = "and so where the app has named them")]
    [Description("T8 V6")]
    public async Task Idle_connections_that_were_killed_are_replaced_without_a_failure(bool severalHosts, bool owned)
    {
        var connection = $"{(severalHosts ? SeveralHosts() : _database.ConnectionString)};Application Name=victim";
        await using var source = owned ? null : new NpgsqlDataSourceBuilder(connection).BuildMultiHost();
        await using var store = source is null ? new PostgresSessionStore(connection) : new PostgresSessionStore(source);
        var creation = TestSessions.Of(TestSessions.Alice);
        await store.CreateAsync(creation);
        for (var i = 0; i < 3; i++)
        {
            await KillAsync("true", atLeast: 1);
            Assert.That((await store.FindByTokenAsync(creation.TokenHash)).Session, Is.Not.Null);
            await KillAsync("true", atLeast: 1);
            Assert.That((await store.CreateAsync(TestSessions.Of(TestSessions.Alice))).Outcome, Is.EqualTo(SessionCreationOutcome.Created));
        }

        await KillAsync("true", atLeast: 1);
        Assert.That((await store.TerminateAsync(SessionFilter.Of(TestSessions.Alice), End)).Ended, Has.Count.EqualTo(4));
    }

    [Test, Description("V6 of several hosts, none that can be used is a failure, and cancelling is not")]
    public async Task Several_hosts_that_are_not_there_are_a_failure_after_a_bounded_number_of_attempts()
    {
        await using var store = PostgresDatabase.OpenAs("Host=127.0.0.1:1,127.0.0.1:2;Username=nobody", configure: options => options.Retries = 1);
        using var cancelled = new CancellationTokenSource();
        var hash = TestSessions.Of(TestSessions.Alice).TokenHash;

        Assert.That(async () => await store.FindByTokenAsync(hash), Throws.InstanceOf<NpgsqlException>());
        await cancelled.CancelAsync();
        Assert.That(async () => await store.FindByTokenAsync(hash, cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test, Description("A store of several hosts that was closed opens no more connections")]
    public async Task A_closed_store_of_several_hosts_answers_no_more()
    {
        var store = new PostgresSessionStore(SeveralHosts());
        var creation = TestSessions.Of(TestSessions.Alice);
        await store.CreateAsync(creation);

        await store.DisposeAsync();

        Assert.That(
            async () => await store.FindByTokenAsync(creation.TokenHash),
            Throws.InstanceOf<ObjectDisposedException>().Or.InstanceOf<NpgsqlException>());
    }

    [Test, Description("C1")]
    public async Task A_session_that_somebody_else_has_adopted_is_not_reported_as_created_after_a_killed_connection()
    {
        var theirs = TestSessions.Of(TestSessions.Alice);
        await _store.CreateAsync(theirs);
        await KillAsync("true", atLeast: 1);

        // The same old sign-in, a moment later: the id follows from its token.
        var ours = theirs.At(TestSessions.Start.AddMilliseconds(1)).WithId(theirs.Session.Id);
        var result = await _store.CreateAsync(ours);

        Assert.That(result.Outcome, Is.EqualTo(SessionCreationOutcome.AlreadyExists));
        Assert.That(result.Existing?.CreatedAt, Is.EqualTo(TestSessions.Start));
    }

    [Test, Description("V6")]
    public async Task A_connection_that_the_server_closed_because_it_was_idle_is_replaced_without_a_failure()
    {
        if (int.Parse((string)(await _database.ExecuteAsync("SHOW server_version_num"))!, CultureInfo.InvariantCulture) < 140_000)
        {
            Assert.Ignore("idle_session_timeout came with PostgreSQL 14.");
        }

        var creation = TestSessions.Of(TestSessions.Alice);
        await _store.CreateAsync(creation);
        await using var store = PostgresDatabase.OpenAs(
            await _database.CreateRoleAsync("idle_session_timeout = '50ms'"), "Application Name=idler");
        Assert.That((await store.FindByTokenAsync(creation.TokenHash)).Session, Is.Not.Null);
        await Until.TrueAsync(
            async () => await _database.ExecuteAsync("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'idler' AND datname = current_database()") is 0L,
            "the server closes the idle connection");

        Assert.That((await store.FindByTokenAsync(creation.TokenHash)).Session, Is.Not.Null);
    }

    [Test, Description("T8 C1")]
    public async Task What_was_answered_holds_while_connections_are_killed_all_the_time()
    {
        const int clientCount = 8;
        const int kills = 40;
        using var enough = new CancellationTokenSource();
        var clients = Enumerable.Range(0, clientCount).Select(number => Task.Run(async () =>
        {
            var user = new SessionUser("acme", $"user{number}");
            var (kept, ended, failed) = (new List<SessionCreation>(), new List<SessionCreation>(), 0);
            while (!enough.IsCancellationRequested)
            {
                try
                {
                    var creation = TestSessions.Of(user);
                    await _store.CreateAsync(creation, CancellationToken.None);
                    kept.Add(creation);
                    if (kept.Count % 2 == 0)
                    {
                        await _store.TerminateAsync(SessionFilter.Of(user) with { Id = creation.Session.Id }, End, null, CancellationToken.None);
                        kept.Remove(creation);
                        ended.Add(creation);
                    }
                }
                catch (NpgsqlException)
                {
                    failed++;
                }
            }

            return (Kept: kept, Ended: ended, Failed: failed);
        })).ToList();

        for (var kill = 0; kill < kills; kill++)
        {
            await KillAsync("state = 'active'", atLeast: 1);
        }

        await enough.CancelAsync();
        var outcomes = await Task.WhenAll(clients);
        var (keptCount, endedCount) = (outcomes.Sum(it => it.Kept.Count), outcomes.Sum(it => it.Ended.Count));
        foreach (var creation in outcomes.SelectMany(it => it.Ended))
        {
            Assert.That((await _store.FindByTokenAsync(creation.TokenHash)).Session?.End, Is.EqualTo(End));
        }

        // A termination that failed may have been done all the same: its session is in neither list or in the first.
        var lost = 0;
        foreach (var creation in outcomes.SelectMany(it => it.Kept))
        {
            lost += (await _store.FindByTokenAsync(creation.TokenHash)).Session is null ? 1 : 0;
        }

        Assert.That(lost, Is.Zero);
        await TestContext.Progress.WriteLineAsync(
            $"PostgreSQL connections killed: {kills} rounds, {keptCount + endedCount} acknowledged creates and {endedCount} acknowledged terminations, 0 lost, {outcomes.Sum(it => it.Failed)} calls failed");
    }

    [Test, Description("V6")]
    public async Task An_exhausted_pool_is_a_failure_after_a_bounded_wait_and_heals()
    {
        await using var store = _database.Open("Maximum Pool Size=1;Timeout=1");
        var creation = TestSessions.Of(TestSessions.Alice);
        await store.CreateAsync(creation);
        Task<SessionTerminationResult> terminating;
        await using (await _database.HoldAsync("SELECT FROM hanzo_sessions.sessions FOR UPDATE"))
        {
            terminating = store.TerminateAsync(SessionFilter.Of(TestSessions.Alice), End);
            Assert.That(
                async () => await store.FindByTokenAsync(creation.TokenHash),
                Throws.TypeOf<NpgsqlException>().With.InnerException.TypeOf<TimeoutException>());
        }

        Assert.That((await terminating).Ended, Has.Count.EqualTo(1));
        Assert.That((await store.FindByTokenAsync(creation.TokenHash)).Session, Is.Not.Null);
    }

    [Test, Description("A wrong password is one clear message")]
    public void A_wrong_password_is_the_servers_own_message_at_once()
    {
        using var store = PostgresDatabase.OpenAs(
            new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Password = "wrong" }.ConnectionString);
        Assert.That(
            () => store.PrepareAsync(),
            Throws.TypeOf<PostgresException>().With.Property(nameof(PostgresException.MessageText))
                .EqualTo("password authentication failed for user \"postgres\""));
    }

    [Test, Description("A server that is not there is a failure after a bounded number of attempts")]
    public async Task A_server_that_comes_back_is_found_again()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await using var store = PostgresDatabase.OpenAs(server.ConnectionString, configure: options => options.Retries = 1);
        await store.PrepareAsync();
        var creation = TestSessions.Of(TestSessions.Alice);
        await store.CreateAsync(creation);

        await server.KillAsync();
        Assert.That(async () => await store.FindByTokenAsync(creation.TokenHash), Throws.InstanceOf<NpgsqlException>());
        await server.StartAsync();
        Assert.That((await store.FindByTokenAsync(creation.TokenHash)).Session?.IsActive(TestSessions.Start), Is.True);

        await server.StopAsync();
        await server.StartAsync();
        Assert.That((await store.TerminateAsync(SessionFilter.Of(TestSessions.Alice), End)).Ended, Has.Count.EqualTo(1));
    }

    /// <summary>How to reach the database where a second host is named, which is not there.</summary>
    private string SeveralHosts()
    {
        var server = new NpgsqlConnectionStringBuilder(_database.ConnectionString);
        server.Host = $"{server.Host}:{server.Port},{server.Host}:1";
        return server.ConnectionString;
    }

    /// <summary>Kills connections of the store, as soon as there are any to kill.</summary>
    private async Task KillAsync(string which, int atLeast)
    {
        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync();
        await using var kill = new NpgsqlCommand(
            $"""
            SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity
            WHERE application_name = 'victim' AND datname = current_database() AND {which}
            """,
            connection);
        var killed = 0L;
        await Until.TrueAsync(
            async () => (killed += (long)(await kill.ExecuteScalarAsync())!) >= atLeast, $"a connection of the store where {which}");
    }
}
