using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.StoreTests.Clocks;
using Hanzo.Sessions.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hanzo.Sessions.StoreTests.Postgres;

/// <summary>The ways to say <c>UsePostgres</c>.</summary>
public sealed class PostgresRegistrationTests
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=nobody";

    [Test]
    public async Task A_connection_string_a_data_source_and_a_registered_data_source_reach_the_same_sessions()
    {
        var database = await PostgresDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        var creation = TestSessions.Of(TestSessions.Alice);
        await using (var first = Provider(it => it.UsePostgres(database.ConnectionString)))
        {
            await first.GetRequiredService<ISessionStore>().PrepareAsync();
            await first.GetRequiredService<ISessionStore>().CreateAsync(creation);
        }

        await using (var second = Provider(it => it.UsePostgres(source)))
        {
            Assert.That((await second.GetRequiredService<ISessionStore>().FindByTokenAsync(creation.TokenHash)).Session, Is.Not.Null);
        }

        await using var third = Provider(it =>
        {
            it.Services.AddSingleton(source);
            it.UsePostgres();
        });
        Assert.That((await third.GetRequiredService<ISessionStore>().FindByTokenAsync(creation.TokenHash)).Session, Is.Not.Null);
    }

    [Test]
    public void Without_any_data_source_the_message_says_what_to_write()
    {
        using var provider = Provider(it => it.UsePostgres());
        Assert.That(
            () => provider.GetRequiredService<ISessionStore>(),
            Throws.InvalidOperationException.With.Message.Contains("Register one, or pass a connection string."));
    }

    [Test]
    public void Settings_out_of_range_are_refused_at_start_all_at_once()
    {
        using var provider = Provider(it => it.UsePostgres(Nowhere, options =>
        {
            options.Schema = "public; DROP TABLE users";
            options.LockTimeout = TimeSpan.Zero;
            options.StatementTimeout = TimeSpan.FromDays(1);
            options.Retries = 11;
            options.StartTimeout = TimeSpan.FromMinutes(11);
        }));
        Assert.That(
            () => provider.GetRequiredService<IStartupValidator>().Validate(),
            Throws.TypeOf<OptionsValidationException>().With.Property(nameof(OptionsValidationException.Failures)).EqualTo(new[]
            {
                "HanzoSessions PostgreSQL store: Schema is 'public; DROP TABLE users'; it must be 1 to 63 lowercase letters, digits and underscores, not beginning with a digit or pg_.",
                "HanzoSessions PostgreSQL store: LockTimeout is 00:00:00; it must be from 00:00:00.0100000 to 00:02:00.",
                "HanzoSessions PostgreSQL store: StatementTimeout is 1.00:00:00; it must be from 00:00:00.1000000 to 01:00:00. In configuration, a number alone and more than 23 hours are days: write 00:00:30 for 30 seconds.",
                "HanzoSessions PostgreSQL store: StartTimeout is 00:11:00; it must be from 00:00:00 to 00:10:00.",
                "HanzoSessions PostgreSQL store: Retries is 11; it must be from 0 to 10.",
            }));
    }

    [TestCase("a", true)]
    [TestCase("_sessions_2", true)]
    [TestCase("", false)]
    [TestCase("2sessions", false)]
    [TestCase("Sessions", false)]
    [TestCase("se-ssions", false)]
    [TestCase("pg_sessions", false)]
    [TestCase("sessions\n", false)]
    [TestCase("abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij123", true)]
    [TestCase("abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234", false)]
    public void A_schema_name_is_a_plain_identifier(string schema, bool isOne)
    {
        var result = new PostgresSessionStoreOptionsValidator().Validate(null, new PostgresSessionStoreOptions { Schema = schema });
        Assert.That(result.Succeeded, Is.EqualTo(isOne));
    }

    [TestCase("LockTimeout", "30")]
    [TestCase("StatementTimeout", "24:00:00")]
    [Description("V2 what .NET reads as days from configuration is refused, with what to write")]
    public void A_time_span_of_configuration_that_would_be_days_is_refused(string setting, string text)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create($"Postgres:{setting}", (string?)text)]).Build();
        var services = new ServiceCollection();
        services.AddHanzoSessions().UsePostgres(Nowhere);
        services.Configure<PostgresSessionStoreOptions>(configuration.GetSection("Postgres"));
        using var provider = services.BuildServiceProvider();

        Assert.That(
            () => provider.GetRequiredService<IStartupValidator>().Validate(),
            Throws.TypeOf<OptionsValidationException>()
                .With.Message.Contains($"{setting} is ").And.Message.EndsWith("are days: write 00:00:30 for 30 seconds."));
    }

    [Test]
    public void Multiplexing_is_refused()
    {
        Assert.That(() => new PostgresSessionStore($"{Nowhere};Multiplexing=true"), Throws.ArgumentException);
        using var source = NpgsqlDataSource.Create($"{Nowhere};Multiplexing=true");
        Assert.That(() => new PostgresSessionStore(source), Throws.ArgumentException);
    }

    [Test]
    public void The_stores_own_connections_are_set_for_it_unless_the_connection_string_says_otherwise()
    {
        using var source = OwnedDataSource.Create(Nowhere, null);
        var set = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        Assert.That((set.NoResetOnClose, set.MaxAutoPrepare, set.AutoPrepareMinUsages, set.Enlist), Is.EqualTo((true, 100, 2, false)));

        using var other = OwnedDataSource.Create($"{Nowhere};No Reset On Close=false;Max Auto Prepare=0;Include Error Detail=true", null);
        var kept = new NpgsqlConnectionStringBuilder(other.ConnectionString);
        Assert.That((kept.NoResetOnClose, kept.MaxAutoPrepare, kept.IncludeErrorDetail), Is.EqualTo((false, 0, false)));
    }

    [Test, Description("K2 a host that replaces its clock replaces that of PostgreSQL too, and one line says so")]
    public async Task A_replaced_clock_is_logged_once_when_the_store_is_prepared([Values] bool isReplaced)
    {
        var database = await PostgresDatabase.CreateAsync();
        var log = new ClockLog();
        var clock = new TestClock();
        await using var provider = Provider(it =>
        {
            it.Services.AddSingleton<ILoggerProvider>(log).AddLogging();
            if (isReplaced)
            {
                it.Services.AddSingleton<TimeProvider>(clock);
            }

            it.UsePostgres(database.ConnectionString);
        });
        var store = provider.GetRequiredService<ISessionStore>();
        await store.PrepareAsync();

        Assert.That(log.Lines.Select(line => line.Id), Is.EqualTo(isReplaced ? new[] { 203 } : []));
        var creation = TestSessions.Of(TestSessions.Alice);
        await store.CreateAsync(creation);
        Assert.That((await store.FindAsync(creation.Session.Id)).StoreTime == clock.GetUtcNow(), Is.EqualTo(isReplaced));
        Assert.That((await store.InspectAsync()).StoreTime == clock.GetUtcNow(), Is.EqualTo(isReplaced));
    }

    private static ServiceProvider Provider(Action<HanzoSessionsBuilder> use)
    {
        var services = new ServiceCollection();
        use(services.AddHanzoSessions());
        return services.BuildServiceProvider();
    }
}
