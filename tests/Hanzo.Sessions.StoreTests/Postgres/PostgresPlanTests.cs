using System.Collections.Concurrent;
using System.Globalization;
using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.Testing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Hanzo.Sessions.StoreTests.Postgres;

/// <summary>
/// The plans of the store's own commands among many rows, as the server logs them: indexes, and no scan of the table.
/// </summary>
public sealed class PostgresPlanTests
{
    /// <summary>200,000 unless HANZO_SESSIONS_ROWS says otherwise.</summary>
    private static readonly int Rows = int.Parse(
        Environment.GetEnvironmentVariable("HANZO_SESSIONS_ROWS") ?? "200000", CultureInfo.InvariantCulture);

    private static readonly DateTimeOffset Now = TestSessions.Start;
    private static readonly SessionFilter Organization = new() { Scope = SessionScope.Of("org7") };
    private static readonly SessionFilter Everybody = new() { Scope = SessionScope.AllOrganizations };

    private readonly PlanLog _plans = new();
    private string _connectionString = null!;
    private NpgsqlDataSource _source = null!;
    private PostgresSessionStore _store = null!;

    [OneTimeSetUp]
    public async Task FillAsync()
    {
        var database = await PostgresDatabase.CreateAsync();
        await using (var empty = database.Open())
        {
            await empty.PrepareAsync();
        }

        // 100 organizations, five sessions a user, created within twelve hours. Four of five have ended; of the others
        // one in a hundred has timed out.
        await database.ExecuteAsync(
            $"""
            INSERT INTO hanzo_sessions.sessions (
                id, token_hash, organization, user_name, application, ip_address, ip_network, created_at, last_active_at,
                idle_timeout_ms, expires_at, active_until, due_at, ended_at, end_reason, payload)
            SELECT
                gen_random_uuid(), sha256(number::text::bytea), 'org' || number / 25 % 100, 'user' || number / 25, 'app' || number % 5,
                '192.0.2.1', '192.0.2.1', created, created, 86400000, created + interval '1 day', until, CASE WHEN ended THEN NULL ELSE until END,
                CASE WHEN ended THEN until END, CASE WHEN ended THEN 1 END, CASE WHEN ended THEN NULL ELSE '\x00'::bytea END
            FROM (
                SELECT number, ended, created,
                    CASE WHEN ended THEN created + interval '10 minutes'
                        WHEN number % 500 = 0 THEN timestamptz '{Now:O}' - interval '1 second'
                        ELSE timestamptz '{Now:O}' + number % 3600 * interval '1 second' + interval '1 minute' END AS until
                FROM (
                    SELECT number, number % 10 >= 2 AS ended,
                        timestamptz '{Now:O}' - interval '12 hours' + number * interval '12 hours' / {Rows} AS created
                    FROM generate_series(0, {Rows} - 1) AS number) AS numbers) AS times;
            """);
        await database.ExecuteAsync("VACUUM ANALYZE hanzo_sessions.sessions");

        _connectionString = database.ConnectionString;
        _source = Connect();
        _store = new PostgresSessionStore(_source);
    }

    private NpgsqlDataSource Connect()
    {
        var builder = new NpgsqlDataSourceBuilder(
            $"{_connectionString};Max Auto Prepare=100;Auto Prepare Min Usages=2;Options="
            + "-c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0 -c auto_explain.log_level=notice "
            + "-c auto_explain.log_analyze=on -c auto_explain.log_timing=off");
        builder.UseLoggerFactory(_plans);
        return builder.Build();
    }

    [OneTimeTearDown]
    public async Task CloseAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
            await _source.DisposeAsync();
        }
    }

    [Test, Description("V5")]
    public Task A_validation_reads_the_index_of_token_hashes() => ExpectAsync(
        "sessions_by_token", () => _store.FindByTokenAsync(TestSessions.NewTokenHash()).AsTask());

    [Test, Description("V5")]
    public async Task Validations_that_share_a_statement_read_the_index_of_token_hashes()
    {
        await ExpectAsync(
            "sessions_by_token",
            () => Task.WhenAll(Enumerable.Range(0, 40).Select(_ => _store.FindByTokenAsync(TestSessions.NewTokenHash()).AsTask())));
        Assert.That(_plans.Take(), Has.Some.Contains("ANY (ARRAY["), "some have shared");
    }

    [Test, Description("V3")]
    public Task An_activity_reads_the_index_of_ids() => ExpectAsync(
        "sessions_by_id", () => _store.TouchAsync(TestSessions.Of(TestSessions.Alice).Session.TouchAt(Now)).AsTask());

    [Test, Description("C2")]
    public Task A_sign_in_reads_the_index_of_users() => ExpectAsync(
        "sessions_of_user", () => _store.CreateAsync(TestSessions.Of(new SessionUser("org7", "user107")).LimitedTo(1)));

    [Test, Description("T5")]
    public Task A_termination_reads_the_index_of_users() => ExpectAsync(
        "sessions_of_user", () => _store.TerminateAsync(
            SessionFilter.Of(new SessionUser("org7", "nobody")), new SessionEnd(Now, SessionEndReason.SignedOut, null)));

    [Test, Description("U2 U6")]
    public async Task A_move_reads_the_indexes_of_users_and_of_ids()
    {
        var move = TestSessions.Of(new SessionUser("org7", "user107")).Session.MoveTo("192.0.2.7", Now);
        foreach (var one in new[] { move, move with { Ends = true }, move with { Use = move.Use with { MovedAt = null } } })
        {
            await ExpectAsync("sessions_of_user", () => _store.MoveAsync(one));
            Assert.That(_plans.Take(), Has.Some.Contains("sessions_by_id"));
        }
    }

    [Test, Description("U7")]
    public async Task Forgetting_a_user_reads_the_indexes_of_users()
    {
        await ExpectAsync("sessions_of_user", () => _store.ForgetAsync(
            new SessionUser("org7", "nobody"), new SessionEnd(Now, SessionEndReason.UserDeleted, null)));
        Assert.That(_plans.Take(), Has.Some.Contains("history_of_user"));
    }

    [Test, Description("C2 T5 L3")]
    public async Task The_index_of_users_is_read_also_in_an_organization_that_the_statistics_do_not_have_yet()
    {
        // On a connection of its own: a plan that was made for a known organization would be used again.
        await using var source = Connect();
        await using var store = new PostgresSessionStore(source);
        static SessionUser New() => new("new", Guid.NewGuid().ToString());
        await ExpectAsync("sessions_of_user", () => store.CreateAsync(TestSessions.Of(New()).LimitedTo(10)));
        await ExpectAsync("sessions_of_user", () => store.TerminateAsync(
            SessionFilter.Of(New()), new SessionEnd(Now, SessionEndReason.SignedOut, null)));
        var move = TestSessions.Of(New()).Session.MoveTo("192.0.2.7", Now);
        await ExpectAsync("sessions_of_user", () => store.MoveAsync(move));
        await ExpectAsync("sessions_of_user", () => store.MoveAsync(move with { Use = move.Use with { MovedAt = null } }));
        await ExpectAsync("sessions_of_user", () => store.ForgetAsync(New(), new SessionEnd(Now, SessionEndReason.UserDeleted, null)));
        await ExpectAsync("sessions_of_user", () => store.CountAsync(
            new SessionQuery { Filter = SessionFilter.Of(New()) }.Resolve(SessionView.Sessions), Now, 100));
        await ExpectAsync("sessions_of_user", () => store.ListAsync(
            new SessionQuery { Filter = SessionFilter.Of(New()) }.Resolve(SessionView.Sessions), Now));
    }

    [Test, Description("L3")]
    public async Task A_page_of_sessions_reads_an_index_in_the_order_of_the_list_wherever_it_begins()
    {
        await ExpectAsync("sessions_of_organization", () => PageAsync(Organization, SessionView.Sessions));
        await ExpectAsync("sessions_by_creation", () => PageAsync(Everybody, SessionView.Sessions));
        await ExpectAsync("sessions_of_user", () => PageAsync(Organization with { User = "user107" }, SessionView.Sessions));
        await ExpectAsync("sessions_of_user", () => PageAsync(Organization with { UserPrefix = "user17" }, SessionView.Sessions));
    }

    [Test, Description("L2 L3")]
    public async Task A_page_of_records_reads_an_index_in_the_order_of_the_list_wherever_it_begins()
    {
        await ExpectAsync("sessions_of_user", () => PageAsync(Organization, SessionView.Records));
        await ExpectAsync("sessions_of_user", () => PageAsync(Everybody, SessionView.Records));
    }

    [Test, Description("L5")]
    public async Task A_page_of_history_reads_an_index_in_the_order_of_the_list_wherever_it_begins()
    {
        await ExpectAsync("history_of_organization", () => PageAsync(Organization, SessionView.History));
        await ExpectAsync("history_by_end", () => PageAsync(Everybody, SessionView.History));
        await ExpectAsync("history_of_user", () => PageAsync(Organization with { User = "user107" }, SessionView.History));
    }

    [Test, Description("K1")]
    public async Task Clean_up_reads_the_index_of_what_is_due_and_of_what_has_ended()
    {
        await ExpectAsync("sessions_due", () => _store.ExpireBatchAsync(Now, 10));
        await ExpectAsync("history_by_end", () => _store.PurgeAsync(Now.AddHours(-11), Now, 10));
    }

    /// <summary>The first page, and the one after it.</summary>
    private async Task PageAsync(SessionFilter filter, SessionView view)
    {
        var query = new SessionQuery { Filter = filter, Limit = 26 }.Resolve(view);
        if (view == SessionView.Records)
        {
            var records = await _store.ListRecordsAsync(query, Now);
            await _store.ListRecordsAsync(query with { After = SessionCursor.Of(records[^1], query) }, Now);
        }
        else
        {
            var sessions = await _store.ListAsync(query, Now);
            await _store.ListAsync(query with { After = SessionCursor.Of(sessions[^1], query) }, Now);
        }
    }

    /// <summary>Often enough for the server to have settled on a plan.</summary>
    private async Task ExpectAsync(string index, Func<Task> call)
    {
        _plans.Clear();
        for (var i = 0; i < 8; i++)
        {
            await call();
        }

        var plans = _plans.Take().Where(plan => plan.Contains("hanzo_sessions", StringComparison.Ordinal)).ToList();
        await TestContext.Out.WriteLineAsync(plans[^1]);
        Assert.That(plans, Has.Count.GreaterThanOrEqualTo(8));
        Assert.That(plans, Has.None.Contains("Seq Scan on sessions"));
        Assert.That(plans, Has.All.Contains(index));
    }

    /// <summary>Collects the plans that the server sends as notices.</summary>
    private sealed class PlanLog : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> _plans = new();

        public void Clear() => _plans.Clear();

        public List<string> Take() => [.. _plans];

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception) is var text && text.Contains("plan:", StringComparison.Ordinal))
            {
                _plans.Enqueue(text);
            }
        }

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose() => Clear();
    }
}
