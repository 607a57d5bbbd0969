using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore.Tests.Location;

/// <summary>A host with the locator, a folder for its database and a clock that is moved by hand.</summary>
internal sealed class GeoIpHost : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hanzo-sessions-geo-");
    private readonly RecordedLines _log = new();
    private readonly Lazy<IHost> _host;
    private int _files;

    public GeoIpHost()
    {
        _host = new Lazy<IHost>(() =>
        {
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            builder.Logging.AddProvider(_log);
            builder.Services.AddSingleton<TimeProvider>(Clock);
            builder.Services.AddHanzoSessions().UseGeoIp(File);
            return builder.Build();
        });
    }

    public TestClock Clock { get; } = new();

    public string File => Path.Combine(_folder.FullName, "GeoLite2-City.mmdb");

    /// <summary>What the locator has logged, as "id level text".</summary>
    public IReadOnlyList<string> Lines => [.. _log.All.Where(line => line.StartsWith("30", StringComparison.Ordinal))];

    /// <summary>Puts a file where the database is, in one step, as geoipupdate does. None has the instant of another one.</summary>
    public void Put(byte[] database)
    {
        var fresh = File + ".new";
        System.IO.File.WriteAllBytes(fresh, database);
        System.IO.File.SetLastWriteTimeUtc(fresh, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(_files++));
        System.IO.File.Move(fresh, File, overwrite: true);
    }

    public void Put(MmdbWriter database) => Put(database.ToArray());

    public Task StartAsync() => _host.Value.StartAsync();

    public string? Locate(string address, string culture = "en") => _host.Value.Services.GetServices<ISessionLocator>().Single()
        .Locate(IPAddress.Parse(address), CultureInfo.GetCultureInfo(culture));

    public void Dispose()
    {
        _host.Value.Dispose();
        _folder.Delete(recursive: true);
    }
}
