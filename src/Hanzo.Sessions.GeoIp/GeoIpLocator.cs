using System.Globalization;
using System.Net;

namespace Hanzo.Sessions.GeoIp;

/// <summary>Answers with the city and the country, or the country alone, that a MaxMind database has for an address.</summary>
internal sealed class GeoIpLocator(GeoIpDatabase database) : ISessionLocator
{
    public string? Locate(IPAddress address, CultureInfo culture)
    {
        var record = database.Find(address);
        return (record?.City?.NameIn(culture), record?.Country?.NameIn(culture)) switch
        {
            ({ } city, { } country) => $"{city}, {country}",
            var (city, country) => country ?? city,
        };
    }
}
