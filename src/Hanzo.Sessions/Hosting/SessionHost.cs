using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions;

/// <summary>
/// Makes the store ready before the host starts anything else, and lets the observers hear the rest after everything else
/// has stopped.
/// </summary>
internal sealed class SessionHost(
    ISessionStore store, SessionManager sessions, IOptions<HanzoSessionsOptions> options) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) =>
        options.Value.PrepareStoreAtStart ? store.PrepareAsync(cancellationToken) : Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => sessions.StopObserversAsync(cancellationToken);
}
