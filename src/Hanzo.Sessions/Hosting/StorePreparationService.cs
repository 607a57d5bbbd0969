using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions;

/// <summary>Makes the store ready before anything else of the host starts.</summary>
internal sealed class StorePreparationService(ISessionStore store, IOptions<HanzoSessionsOptions> options) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) =>
        options.Value.PrepareStoreAtStart ? store.PrepareAsync(cancellationToken) : Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
