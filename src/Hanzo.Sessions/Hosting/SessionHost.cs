using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions;

/// <summary>Prepares the store before all other services start, and drains the observers after all others have stopped.</summary>
internal sealed class SessionHost(
    ISessionStore store, SessionManager sessions, IOptions<HanzoSessionsOptions> options) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) =>
        options.Value.PrepareStoreAtStart ? store.PrepareAsync(cancellationToken) : Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => sessions.StopAsync(cancellationToken);
}
