using MaxMind.Db;

namespace Hanzo.Sessions.GeoIp;

/// <summary>What a database of cities or countries says of a network. Everything else in a record is skipped.</summary>
internal sealed class GeoIpRecord
{
    [MapKey("city")]
    public GeoIpArea? City { get; init; }

    [MapKey("country")]
    public GeoIpArea? Country { get; init; }
}
