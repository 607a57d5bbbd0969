using Hanzo.Sessions.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Moq;
using Npgsql;

namespace Hanzo.Sessions.AspNetCore.Tests.Health;

/// <summary>Each condition is broken for real, and turns the check with one clear cause.</summary>
public sealed class HealthCheckTests
{
    private const string Healthy = "Healthy: Sessions work.";

    private readonly SqliteFolder _folder = new();

    [OneTimeTearDown]
    public void DeleteFiles() => _folder.Delete();

    [Test, Description("Health over HTTP, on the default store")]
    public async Task The_check_answers_over_http()
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.Services += services => services.AddHealthChecks().AddHanzoSessions();
            it.App += app => app.MapHealthChecks("/health");
        });

        var healthy = await app.Visitor().GetAsync("/health");
        app.Store.Fault = new TimeoutException();
        var broken = await app.Visitor().GetAsync("/health");

        Assert.That((healthy.Status, healthy.Body), Is.EqualTo((200, "Healthy")));
        Assert.That((broken.Status, broken.Body), Is.EqualTo((503, "Unhealthy")));
    }

    [Test, Description("Health of SQLite: the version of the schema, a lost table, the file")]
    public async Task A_session_file_of_another_version_turns_the_check()
    {
        await using var app = await HealthApp.StartAsync(it => it.UseSqlite($"Data Source={_folder.File}"));
        Assert.That(await app.AskAsync(), Is.EqualTo(Healthy));

        await OnFileAsync("PRAGMA user_version = 7");

        Assert.That(
            await app.AskAsync(),
            Is.EqualTo("Unhealthy: The schema of the session store is of version 7; this server works with version 1."));
        await OnFileAsync("PRAGMA user_version = 1");
        Assert.That(await app.AskAsync(), Is.EqualTo(Healthy));
    }

    [Test, Description("Health of SQLite: another program holds the file")]
    public async Task A_session_file_that_cannot_be_written_turns_the_check()
    {
        var file = Path.Combine(_folder.Path, "held.db");
        await using var app = await HealthApp.StartAsync(
            it => it.UseSqlite($"Data Source={file}", options => options.BusyTimeout = TimeSpan.FromSeconds(1)));
        await using var other = new SqliteConnection($"Data Source={file};Pooling=False");
        await other.OpenAsync();
        await using var hold = other.CreateCommand();
        hold.CommandText = "BEGIN IMMEDIATE";
        await hold.ExecuteNonQueryAsync();

        Assert.That(await app.AskAsync(), Is.EqualTo("Unhealthy: The session store does not answer."));
    }

    [Test, Description("Health of PostgreSQL: the version of the schema, and no schema at all")]
    public async Task A_schema_of_another_version_turns_the_check()
    {
        var database = await PostgresDatabase.CreateAsync();
        await using var app = await HealthApp.StartAsync(it => it.UsePostgres(database.ConnectionString));
        Assert.That(await app.AskAsync(), Is.EqualTo(Healthy));

        await database.ExecuteAsync("UPDATE hanzo_sessions.schema_version SET version = 2");
        Assert.That(
            await app.AskAsync(),
            Is.EqualTo("Unhealthy: The schema of the session store is of version 2; this server works with version 1."));

        await database.ExecuteAsync("DROP SCHEMA hanzo_sessions CASCADE");
        Assert.That(
            await app.AskAsync(),
            Is.EqualTo("Unhealthy: The schema of the session store is of version 0; this server works with version 1."));
    }

    [Test, Description("Health of PostgreSQL: a role with the least rights can ask")]
    public async Task A_role_that_may_only_use_the_tables_can_ask()
    {
        var database = await PostgresDatabase.CreateAsync();
        await using (var store = database.Open())
        {
            await store.PrepareAsync();
        }

        var role = await database.CreateRoleAsync("search_path = hostile, pg_catalog");
        await using var app = await HealthApp.StartAsync(it => it.UsePostgres(role));

        Assert.That(await app.AskAsync(), Is.EqualTo(Healthy));
    }

    [TestCase(5, "^Degraded: The clock of the session store is (5\\.0|4\\.[5-9]) s behind this server's\\.$")]
    [TestCase(-5, "^Degraded: The clock of the session store is (5\\.0|4\\.[5-9]) s ahead of this server's\\.$")]
    [TestCase(7200, "^Unhealthy: The clock of this server shows .* UTC, and that of the session store .* UTC: nothing ends by time, and no user can sign in here\\.$")]
    [TestCase(-7200, "^Unhealthy: The clock of this server shows .* UTC, and that of the session store .* UTC: nothing ends by time, and no user can sign in here\\.$")]
    [Description("K2 health of PostgreSQL: this server's clock is wrong")]
    public async Task A_clock_that_differs_from_the_databases_turns_the_check(int seconds, string expected)
    {
        var database = await PostgresDatabase.CreateAsync();
        await using var app = await HealthApp.StartAsync(
            it => it.UseStore(_ => database.Open()), new ShiftedClock(TimeSpan.FromSeconds(seconds)));

        Assert.That(await app.AskAsync(), Does.Match(expected));
    }

    [Test, Description("Health of PostgreSQL: fsync is off, the server is a standby, the server is gone")]
    public async Task A_server_that_forgets_only_reads_or_is_gone_turns_the_check()
    {
        PostgresServer.Require();
        await using var server = await PostgresServer.StartNewAsync("fsync=off");
        var connection = await server.CreateDatabaseAsync();
        await using var app = await HealthApp.StartAsync(it => it.UsePostgres(connection, options => options.Retries = 0));
        var forgets =
            "PostgreSQL runs with fsync=off, full_page_writes=on: a crash of its machine may lose acknowledged changes.";
        Assert.That(await app.AskAsync(), Is.EqualTo($"Degraded: {forgets}"));
        var folder = (string)(await PostgresServer.ExecuteAsync(connection, "SHOW data_directory"))!;

        await server.StopAsync();
        Assert.That(await app.AskAsync(), Is.EqualTo("Unhealthy: The session store does not answer."));

        await File.WriteAllTextAsync(Path.Combine(folder, "standby.signal"), "");
        await server.StartAsync();
        NpgsqlConnection.ClearAllPools();
        Assert.That(
            await app.AskAsync(), Is.EqualTo($"Unhealthy: PostgreSQL is in recovery: it only reads, as a replica does. {forgets}"));
    }

    [TestCase(1_000, "Healthy")]
    [TestCase(1_001, "Degraded: The clock of the session store is 1.0 s ahead of this server's.")]
    [TestCase(60_000, "Degraded: The clock of the session store is 60.0 s ahead of this server's.")]
    [TestCase(60_001, "Unhealthy: The clock of this server shows 2026-01-01 00:00:00 UTC, and that of the session store 2026-01-01 00:01:00 UTC: ")]
    [TestCase(-1_000, "Healthy")]
    [TestCase(-1_001, "Degraded: The clock of the session store is 1.0 s behind this server's.")]
    [TestCase(-60_000, "Degraded: The clock of the session store is 60.0 s behind this server's.")]
    [TestCase(-60_001, "Unhealthy: The clock of this server shows 2026-01-01 00:00:00 UTC, and that of the session store 2025-12-31 23:58:59 UTC: ")]
    [Description("K2 the clock of the store may be a second away, and up to the tolerance sessions work")]
    public async Task A_difference_degrades_the_check_and_beyond_the_tolerance_turns_it(int milliseconds, string expected)
    {
        var clock = new TestClock();
        var state = new SessionStoreState { StoreTime = clock.GetUtcNow().AddMilliseconds(milliseconds) };
        await using var app = await HealthApp.StartAsync(it => it.UseStore(_ => new Inspected(() => state)), clock);

        Assert.That(await app.AskAsync(), Does.StartWith(expected));
    }

    [TestCase("memory"), TestCase("SQLite")]
    [Description("K2 a clock that was set back, where there is no other to compare with")]
    public async Task A_clock_that_is_behind_what_was_stored_degrades_the_check(string kind)
    {
        var clock = new TestClock();
        var store = await StoreOfKind.OpenAsync(kind, _folder);
        await using var app = await HealthApp.StartAsync(it => it.UseStore(_ => store), clock);
        Assert.That(await app.AskAsync(), Is.EqualTo(Healthy));
        await store.CreateAsync(TestSessions.Of(TestSessions.Alice));
        var ended = TestSessions.Of(TestSessions.Bob);
        await store.CreateAsync(ended);
        await store.TouchAsync(ended.Session.TouchAt(TestSessions.Start.AddMinutes(10)));
        clock.SetWallClock(TestSessions.Start.AddMinutes(9));
        Assert.That(await app.AskAsync(), Is.EqualTo(Healthy), "within the tolerance");

        clock.SetWallClock(TestSessions.Start.AddMinutes(8));
        Assert.That(await app.AskAsync(), Is.EqualTo(
            "Degraded: The clock of this server shows 2026-01-01 00:08:00 UTC, but the store has an instant of 2026-01-01 00:10:00 UTC: the clock was set back."));
        await store.TerminateAsync(SessionFilter.Of(TestSessions.Bob), new SessionEnd(TestSessions.Start.AddMinutes(20), SessionEndReason.SignedOut, null));
        Assert.That(await app.AskAsync(), Does.Contain("an instant of 2026-01-01 00:20:00 UTC"));
        clock.SetWallClock(TestSessions.Start.AddMinutes(20));
        Assert.That(await app.AskAsync(), Is.EqualTo(Healthy));
    }

    [Test, Description("How long the database took to answer is no difference of clocks")]
    public async Task A_slow_answer_is_no_difference_of_clocks()
    {
        var clock = new TestClock();
        await using var app = await HealthApp.StartAsync(
            it => it.UseStore(_ => new Inspected(() =>
            {
                clock.Advance(TimeSpan.FromSeconds(4));
                var state = new SessionStoreState { StoreTime = clock.GetUtcNow() };
                clock.Advance(TimeSpan.FromSeconds(4));
                return state;
            })),
            clock);

        Assert.That(await app.AskAsync(), Is.EqualTo(Healthy));
    }

    [Test, Description("A store of a third party that says nothing about itself is asked for a session")]
    public async Task A_store_that_says_nothing_about_itself_is_checked_for_being_there()
    {
        var store = new Mock<ISessionStore> { CallBase = true };
        store.SetupSequence(mock => mock.FindAsync(It.IsAny<SessionId>(), It.IsAny<CancellationToken>()))
            .Returns(() => new(new FoundSession(null)))
            .Throws(new TimeoutException());
        await using var app = await HealthApp.StartAsync(it => it.UseStore(_ => store.Object));

        Assert.That(await app.AskAsync(), Is.EqualTo(Healthy));
        Assert.That(await app.AskAsync(), Is.EqualTo("Unhealthy: The session store does not answer."));
    }

    [Test, Description("The host chooses what is reported instead of unhealthy")]
    public async Task The_host_may_report_a_failure_as_degraded()
    {
        await using var app = await HealthApp.StartAsync(
            it => it.UseStore(_ => new Failing(new TimeoutException())), failureStatus: HealthStatus.Degraded);

        Assert.That(await app.AskAsync(), Is.EqualTo("Degraded: The session store does not answer."));
    }

    [Test, Description("K1 clean-up that fails falls behind its schedule, and recovers")]
    public async Task Clean_up_that_does_not_run_to_its_end_degrades_the_check()
    {
        var clock = new TestClock();
        var store = new CleansUpUnless();
        await using var app = await HealthApp.StartAsync(it => it.UseStore(_ => store), clock);
        var service = app.Get<SessionCleanupService>();
        Assert.That((service.SinceLastRun, await app.AskAsync()), Is.EqualTo((default(TimeSpan?), Healthy)));
        await service.StartAsync(CancellationToken.None);
        await RunAsync(clock);
        Assert.That((service.SinceLastRun, await app.AskAsync()), Is.EqualTo((TimeSpan.Zero, Healthy)));

        store.Fault = new TimeoutException();
        while (service.SinceLastRun <= TimeSpan.FromMinutes(3))
        {
            Assert.That(await app.AskAsync(), Is.EqualTo(Healthy));
            await RunAsync(clock);
        }

        Assert.That(await app.AskAsync(), Is.EqualTo(
            $"Degraded: Clean-up is behind: it has not run to its end for {service.SinceLastRun:c}, and should every 00:01:00."));
        store.Fault = null;
        await RunAsync(clock);
        Assert.That(await app.AskAsync(), Is.EqualTo(Healthy));
        await service.StopAsync(CancellationToken.None);
    }

    // A run ends with the timer of the next wait.
    private static async Task RunAsync(TestClock clock)
    {
        await clock.WaitForTimersAsync();
        clock.AdvanceToNextTimer();
        await clock.WaitForTimersAsync();
    }

    private async Task OnFileAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={_folder.File};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written in this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static InMemorySessionStore Memory() => new(Microsoft.Extensions.Options.Options.Create(new HanzoSessionsOptions()));

    private sealed class Inspected(Func<SessionStoreState> inspect) : DelegatingSessionStore(Memory())
    {
        public override Task<SessionStoreState> InspectAsync(CancellationToken cancellationToken = default) => Task.FromResult(inspect());
    }

    private sealed class Failing(Exception fault) : DelegatingSessionStore(Memory())
    {
        public override Task<SessionStoreState> InspectAsync(CancellationToken cancellationToken = default) =>
            Task.FromException<SessionStoreState>(fault);
    }

    private sealed class CleansUpUnless() : DelegatingSessionStore(Memory())
    {
        public Exception? Fault { get; set; }

        public override Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
            StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
            Fault is null ? base.ExpireBatchAsync(now, maximum, cancellationToken) : Task.FromException<IReadOnlyList<EndedSession>>(Fault);
    }
}
