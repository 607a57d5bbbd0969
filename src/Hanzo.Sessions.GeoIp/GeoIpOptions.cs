namespace Hanzo.Sessions.GeoIp;

/// <summary>The settings of <c>UseGeoIp</c>. The host checks them at start.</summary>
public sealed class GeoIpOptions
{
    /// <summary>
    /// The database: a file in MaxMind's format with cities or countries, such as GeoLite2-City.mmdb, absolute or relative to
    /// the current folder. While there is no such file, or it cannot be read, one log line says so and no place is shown.
    /// </summary>
    /// <remarks>
    /// It is read into memory as a whole. When the file is replaced, which is noticed within a minute, the new one is read
    /// without a restart. Replace it in one step, as <c>geoipupdate</c> does: write another file beside it and rename that.
    /// </remarks>
    /// <value>Empty by default, which is refused.</value>
    public string DatabasePath { get; set; } = string.Empty;
}
