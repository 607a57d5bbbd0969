using Microsoft.Extensions.Hosting;

namespace Hanzo.Sessions.GeoIp;

/// <summary>Reads the database when the host starts, so that the log says at once if there is none.</summary>
internal sealed class GeoIpStart(GeoIpDatabase database) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        database.Check();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
