using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.Tests;

public sealed class HostingTests
{
    [Test, Description("K1, C1 a host with nothing but AddHanzoSessions")]
    public async Task A_host_with_the_defaults_starts_cleans_up_and_stops()
    {
        var clock = new TestClock();
        using var host = Host(services =>
        {
            services.AddSingleton<TimeProvider>(clock);
            services.AddHanzoSessions().AddObserver<RecordedObserver>();
        });
        await host.StartAsync();
        var manager = host.Services.GetRequiredService<SessionManager>();
        var issued = await manager.CreateAsync(new NewSession { User = Ada });
        await clock.WaitForTimersAsync();
        clock.Advance(TimeSpan.FromHours(2));
        await clock.WaitForTimersAsync();
        await manager.FlushObserversAsync();

        var observed = (RecordedObserver)host.Services.GetRequiredService<ISessionObserver>();
        Assert.That(Ids(observed.Ended), Is.EqualTo(Ids([issued])));
        await host.StopAsync();
    }

    [TestCase(true, 1)]
    [TestCase(false, 0)]
    [Description("Making the schema can be switched off")]
    public async Task The_store_is_prepared_when_the_host_starts_unless_that_is_switched_off(bool prepare, int times)
    {
        var store = new Mock<ISessionStore>();
        using var host = Host(services => services
            .AddHanzoSessions(options => (options.PrepareStoreAtStart, options.CleanupEnabled) = (prepare, false))
            .UseStore(_ => store.Object));

        await host.StartAsync();
        await host.StopAsync();

        store.Verify(mock => mock.PrepareAsync(It.IsAny<CancellationToken>()), Times.Exactly(times));
    }

    [Test, Description("A store that cannot be made ready keeps the host from starting")]
    public async Task A_store_that_cannot_be_prepared_keeps_the_host_from_starting()
    {
        var fault = new TimeoutException("no database");
        var store = new Mock<ISessionStore>();
        store.Setup(mock => mock.PrepareAsync(It.IsAny<CancellationToken>())).ThrowsAsync(fault);
        using var host = Host(services => services.AddHanzoSessions().UseStore(_ => store.Object));

        await Assert.ThatAsync(() => host.StartAsync(), Throws.Exception.SameAs(fault));
    }

    [Test, Description("V2, C2, C6 one line says the policy in force, and one warning names what is no setting")]
    public async Task A_host_that_starts_says_its_policy_and_names_unknown_settings()
    {
        var log = new RecordedLog();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["HanzoSessions:IdleTimeout"] = "00:15:00",
            ["HanzoSessions:idletimeouts"] = "00:20:00",
            ["HanzoSessions:MaxSessions"] = "",
            ["HanzoSessions:persistentAbsoluteTimeout"] = "30.00:00:00",
            ["HanzoSessions:Sqlite:BusyTimeout"] = "00:00:01",
        }).Build();
        using var host = Host(services =>
        {
            services.AddLogging(logging => logging.AddProvider(log));
            services.AddHanzoSessions(configuration.GetSection("HanzoSessions"), options => options.AbsoluteTimeout = TimeSpan.FromHours(8));
        });

        await host.StartAsync();
        await host.StopAsync();

        Assert.That(log.Texts, Has.One.EqualTo(
            "Sessions end after 00:15:00 without activity, and after 08:00:00 at the latest (a persistent sign-in: 00:15:00, 30.00:00:00). "
            + "A user may have any number of sessions (per User; at the limit: Refuse). Ended sessions are kept for 30.00:00:00, in InMemorySessionStore."));
        Assert.That(log.Lines.Where(line => line.Level == LogLevel.Warning).Select(line => line.Text), Is.EqualTo(new[]
        {
            "The configuration section of the sessions has keys that are no setting, and have no effect: idletimeouts, Sqlite.",
        }));
    }

    [Test, Description("A host without a section has nothing to warn of")]
    public async Task A_host_without_a_section_warns_of_nothing()
    {
        var log = new RecordedLog();
        using var host = Host(services =>
        {
            services.AddLogging(logging => logging.AddProvider(log));
            services.AddHanzoSessions();
        });

        await host.StartAsync();
        await host.StopAsync();

        Assert.That(log.Lines.Where(line => line.Level >= LogLevel.Warning), Is.Empty);
        Assert.That(log.Texts, Has.One.Contains("A user may have 10 sessions (per User; at the limit: Refuse)"));
    }

    [Test, Description("The last store wins; registering twice does no harm")]
    public void Registering_twice_makes_one_manager_and_one_clean_up_and_the_last_store_wins()
    {
        var services = new ServiceCollection();
        services.AddHanzoSessions(options => options.MaxSessions = 3).UseStore(_ => Mock.Of<ISessionStore>());
        services.AddHanzoSessions(options => options.IdleTimeout = TimeSpan.FromMinutes(5)).UseStore<InMemorySessionStore>();
        using var provider = services.BuildServiceProvider();

        Assert.That(provider.GetServices<SessionManager>(), Has.Exactly(1).Items);
        Assert.That(provider.GetServices<IHostedService>().OfType<SessionCleanupService>(), Has.Exactly(1).Items);
        Assert.That(provider.GetRequiredService<ISessionStore>(), Is.TypeOf<InMemorySessionStore>());
    }

    [Test, Description("C6 a policy provider from the services")]
    public async Task A_policy_provider_of_the_services_is_asked()
    {
        var services = new ServiceCollection();
        services.AddHanzoSessions().UsePolicyProvider<Policies>();
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<SessionManager>().CreateAsync(new NewSession { User = Ada });

        Assert.That(((Policies)provider.GetRequiredService<ISessionPolicyProvider>()).Asked, Is.EqualTo(new[] { (Ada, "default") }));
    }

    private static IHost Host(Action<IServiceCollection> configure)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        configure(builder.Services);
        return builder.Build();
    }
}
