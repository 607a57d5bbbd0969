using Hanzo.Sessions.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.StoreTests.Sqlite;

public sealed class SqliteRegistrationTests
{
    [TestCase("Data Source=:memory:", "in-memory")]
    [TestCase("Data Source=sessions;Mode=Memory;Cache=Shared", "in-memory")]
    [TestCase("", "names no file")]
    [TestCase("Data Source=file:sessions.db", "must be a plain path")]
    [TestCase("Data Source=|DataDirectory|sessions.db", "must be a plain path")]
    [TestCase("Data Source=sessions.db;Mode=ReadOnly", "the store writes to the file")]
    [TestCase("Data Source=sessions.db;Cache=Shared", "its own connections")]
    [TestCase("Host=localhost", "host")]
    public void A_connection_string_that_names_no_file_to_write_is_refused(string connectionString, string why)
    {
        Assert.That(
            () => new ServiceCollection().AddHanzoSessions().UseSqlite(connectionString),
            Throws.ArgumentException.With.Message.Contains(why));
        Assert.That(() => new SqliteSessionStore(connectionString), Throws.ArgumentException.With.Message.Contains(why));
    }

    [TestCase(999)]
    [TestCase(60_001)]
    public void A_setting_out_of_range_is_refused_when_the_host_starts(int milliseconds)
    {
        var services = new ServiceCollection();
        services.AddHanzoSessions().UseSqlite("Data Source=sessions.db", it => it.BusyTimeout = TimeSpan.FromMilliseconds(milliseconds));
        using var provider = services.BuildServiceProvider();

        Assert.That(
            () => provider.GetRequiredService<IStartupValidator>().Validate(),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("BusyTimeout").And.Message.Contains("00:00:01 to 00:01:00"));
    }

    [TestCase("30")]
    [TestCase("24:00:00")]
    [Description("V2 what .NET reads as days from configuration is refused, with what to write")]
    public void A_time_span_of_configuration_that_would_be_days_is_refused(string text)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("Sqlite:BusyTimeout", (string?)text)]).Build();
        var services = new ServiceCollection();
        services.AddHanzoSessions().UseSqlite("Data Source=sessions.db");
        services.Configure<SqliteSessionStoreOptions>(configuration.GetSection("Sqlite"));
        using var provider = services.BuildServiceProvider();

        Assert.That(
            () => provider.GetRequiredService<IStartupValidator>().Validate(),
            Throws.TypeOf<OptionsValidationException>()
                .With.Message.Contains("BusyTimeout is ").And.Message.EndsWith("are days: write 00:00:30 for 30 seconds."));
    }

    [Test]
    public void UseSqlite_replaces_the_store_in_memory_and_the_container_closes_it()
    {
        var folder = new SqliteFolder();
        var services = new ServiceCollection();
        services.AddHanzoSessions().UseSqlite($"Data Source={folder.File}");
        using (var provider = services.BuildServiceProvider())
        {
            var store = provider.GetRequiredService<ISessionStore>();
            Assert.That(store, Is.TypeOf<SqliteSessionStore>());
            Assert.That(store.PrepareAsync(), Has.Property("IsCompletedSuccessfully").True);
        }

        Assert.That(Directory.GetFiles(folder.Path).Select(Path.GetFileName), Is.EquivalentTo(new[] { "sessions.db", "sessions.db-lock" }));
        folder.Delete();
    }
}
