using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// Fails the start of an app that calls <c>AllowAnonymous()</c> on the library's endpoints. The call would open nothing,
/// because they check for themselves, but the app expects otherwise.
/// </summary>
internal sealed class AnonymousAccessCheck(EndpointDataSource endpoints) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The app's endpoints are not known earlier.
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var opened = endpoints.Endpoints.FirstOrDefault(endpoint =>
            endpoint.Metadata.GetMetadata<ProtectedEndpointMetadata>() is not null
            && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null);
        return opened is null
            ? Task.CompletedTask
            : throw new InvalidOperationException(
                $"AllowAnonymous() stands on {opened.DisplayName}, which shows and ends sessions. Remove it, and say who is an "
                + "administrator: app.MapHanzoSessions(options => options.AdministratorPolicy = \"administrators\").");
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
