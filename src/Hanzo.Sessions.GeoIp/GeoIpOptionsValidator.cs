using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.GeoIp;

internal sealed class GeoIpOptionsValidator : IValidateOptions<GeoIpOptions>
{
    public ValidateOptionsResult Validate(string? name, GeoIpOptions options) => string.IsNullOrWhiteSpace(options.DatabasePath)
        ? ValidateOptionsResult.Fail("HanzoSessions GeoIp: DatabasePath is empty; it must be the path of a database file, such as GeoLite2-City.mmdb.")
        : ValidateOptionsResult.Success;
}
