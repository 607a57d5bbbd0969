using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions;

/// <summary>
/// Prepares the store before all other services start, and drains the observers after all others have stopped. If a tool
/// has loaded the app only to describe it, the store and the clean-up stay untouched.
/// </summary>
internal sealed class SessionHost(
    ISessionStore store,
    SessionManager sessions,
    SessionCleanupService cleanup,
    IOptions<HanzoSessionsOptions> options,
    IServiceProvider services,
    ILogger<SessionHost> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (LoadingTool.NameOf(services) is { } tool)
        {
            Log.LoadedByTool(logger, tool);
            cleanup.StayIdle();
            return Task.CompletedTask;
        }

        return options.Value.PrepareStoreAtStart ? store.PrepareAsync(cancellationToken) : Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => sessions.StopObserversAsync(cancellationToken);
}
