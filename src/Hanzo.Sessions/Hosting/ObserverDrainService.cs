using Microsoft.Extensions.Hosting;

namespace Hanzo.Sessions;

/// <summary>Lets the observers hear the rest when everything else of the host has stopped.</summary>
internal sealed class ObserverDrainService(SessionManager sessions) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => sessions.StopObserversAsync(cancellationToken);
}
