using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Hanzo.Sessions.StoreTests.Postgres;

/// <summary>What a start does when the server is not there yet, or when its role allows hardly any time.</summary>
public sealed class PostgresStartTests
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=app;Database=sessions";

    [Test, Description("A server that comes up after the app is waited for, with one line in the log")]
    public async Task A_server_that_comes_up_after_the_app_is_waited_for()
    {
        PostgresServer.Require();
        await using var server = await PostgresServer.StartNewAsync();
        await server.StopAsync();
        var log = new AwaitedLog();
        using var host = Host(server.ConnectionString, log, TimeProvider.System, TimeSpan.FromMinutes(5));

        var starting = host.StartAsync();
        await log.Written.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await server.StartAsync();
        await starting.WaitAsync(TimeSpan.FromMinutes(1));

        var issued = await host.Services.GetRequiredService<SessionManager>().CreateAsync(new NewSession { User = TestSessions.Alice });
        Assert.That(issued.Session.User, Is.EqualTo(TestSessions.Alice));
        Assert.That(log.Lines, Has.Count.EqualTo(1));
        await host.StopAsync();
    }

    [TestCase(Nowhere)]
    [TestCase("Host=127.0.0.1,127.0.0.2;Port=1;Username=app;Database=sessions")]
    [TestCase("Host=nowhere.invalid;Username=app;Database=sessions")]
    [Description("The wait is bounded, and ends with what the driver says")]
    public async Task A_server_that_stays_away_ends_the_start_when_its_time_is_up(string connectionString)
    {
        var (log, clock) = (new AwaitedLog(), new TestClock());
        using var host = Host(connectionString, log, clock, TimeSpan.FromSeconds(30));

        var starting = host.StartAsync();
        await clock.WaitForTimersAsync();
        clock.Advance(TimeSpan.FromSeconds(29));
        await clock.WaitForTimersAsync();
        Assert.That(starting.IsCompleted, Is.False);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That(() => starting.WaitAsync(TimeSpan.FromMinutes(1)), Throws.InstanceOf<NpgsqlException>());
        Assert.That(log.Lines, Is.EqualTo(new[]
        {
            "The PostgreSQL server of the session store cannot be used yet. The start waits for it, for up to 00:00:30.",
        }));
    }

    [Test, Description("A start that is to wait for nothing fails at once")]
    public void Waiting_can_be_switched_off()
    {
        var log = new AwaitedLog();
        using var host = Host(Nowhere, log, TimeProvider.System, TimeSpan.Zero);

        Assert.That(() => host.StartAsync(), Throws.InstanceOf<NpgsqlException>());
        Assert.That(log.Lines, Is.Empty);
    }

    [TestCase("Password=wrong", PostgresErrorCodes.InvalidPassword)]
    [TestCase("Database=none", PostgresErrorCodes.InvalidCatalogName)]
    [Description("What waiting does not cure is not waited for")]
    public async Task A_server_that_refuses_the_app_ends_the_start_at_once(string setting, string code)
    {
        var server = await PostgresServer.SharedAsync();
        var log = new AwaitedLog();
        using var host = Host($"{server.ConnectionString};{setting}", log, new TestClock(), TimeSpan.FromMinutes(10));

        Assert.That(
            () => host.StartAsync().WaitAsync(TimeSpan.FromMinutes(1)),
            Throws.TypeOf<PostgresException>().With.Property(nameof(PostgresException.SqlState)).EqualTo(code));
        Assert.That(log.Lines, Is.Empty);
    }

    [TestCase(PostgresErrorCodes.CannotConnectNow, true)]
    [TestCase(PostgresErrorCodes.AdminShutdown, true)]
    [TestCase(PostgresErrorCodes.TooManyConnections, true)]
    [TestCase(PostgresErrorCodes.ConnectionFailure, true)]
    [TestCase(PostgresErrorCodes.InsufficientPrivilege, false)]
    [TestCase(PostgresErrorCodes.QueryCanceled, false)]
    [Description("Which answers of a server are those of one that is starting")]
    public void A_server_that_is_starting_is_known_by_its_code(string code, bool isAway) =>
        Assert.That(Failure.IsAway(new PostgresException("", "FATAL", "FATAL", code)), Is.EqualTo(isAway));

    [TestCase("statement_timeout = '5ms'")]
    [TestCase("lock_timeout = '1ms'")]
    [TestCase("idle_in_transaction_session_timeout = '1ms'")]
    [Description("T8 timeouts of the role stop neither the start nor the health check")]
    public async Task A_role_with_short_timeouts_starts_with_and_without_a_schema(string setting)
    {
        var database = await PostgresDatabase.CreateAsync();
        var role = await database.CreateRoleAsync(setting);
        var name = new NpgsqlConnectionStringBuilder(role).Username;
        await database.ExecuteAsync($"GRANT CREATE ON DATABASE {new NpgsqlConnectionStringBuilder(role).Database} TO {name}");

        for (var start = 1; start <= 2; start++)
        {
            await using var store = PostgresDatabase.OpenAs(role, configure: options => options.Retries = 0);
            await store.PrepareAsync();

            Assert.That((await store.InspectAsync()).SchemaVersion, Is.EqualTo(1));
            var created = await store.CreateAsync(TestSessions.Of(TestSessions.Alice).LimitedTo(10));
            Assert.That(created.Outcome, Is.EqualTo(SessionCreationOutcome.Created));
        }
    }

    private static IHost Host(string connectionString, ILoggerProvider log, TimeProvider clock, TimeSpan patience)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(log);
        builder.Services.AddSingleton(clock);
        builder.Services.AddHanzoSessions(options => options.CleanupEnabled = false).UsePostgres(
            connectionString, options => (options.StartTimeout, options.Retries) = (patience, 0));
        return builder.Build();
    }

    /// <summary>Keeps the warnings of the store.</summary>
    private sealed class AwaitedLog : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 201)
            {
                lock (_lines)
                {
                    _lines.Add(formatter(state, exception));
                }

                Written.TrySetResult();
            }
        }

        public void Dispose()
        {
        }
    }
}
