using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hanzo.Sessions.AspNetCore.Tests.Health;

/// <summary>The services of a host with the health check.</summary>
internal sealed class HealthApp : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private HealthApp(ServiceProvider services) => _services = services;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public static async Task<HealthApp> StartAsync(
        Action<HanzoSessionsBuilder>? store = null, TimeProvider? clock = null, HealthStatus? failureStatus = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(clock ?? TimeProvider.System);
        store?.Invoke(services.AddHanzoSessions());
        services.AddHanzoSessions();
        services.AddHealthChecks().AddHanzoSessions(failureStatus: failureStatus);
        var app = new HealthApp(services.BuildServiceProvider());
        await app.Get<ISessionStore>().PrepareAsync();
        return app;
    }

    /// <summary>The status and the description, such as <c>Healthy: Sessions work.</c></summary>
    public async Task<string> AskAsync()
    {
        var report = await Get<HealthCheckService>().CheckHealthAsync();
        var entry = report.Entries["hanzo_sessions"];
        return $"{entry.Status}: {entry.Description}";
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
