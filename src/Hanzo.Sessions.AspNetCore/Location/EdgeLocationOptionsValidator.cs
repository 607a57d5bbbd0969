using System.Buffers;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.AspNetCore;

internal sealed class EdgeLocationOptionsValidator : IValidateOptions<EdgeLocationOptions>
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public ValidateOptionsResult Validate(string? name, EdgeLocationOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(faults.Select(fault => $"HanzoSessions edge location: {fault}"));
    }

    private static IEnumerable<string> Faults(EdgeLocationOptions options)
    {
        if (options.CountryHeader is null && options.CityHeader is null)
        {
            yield return "CountryHeader and CityHeader are both null; at least one must be the name of a header.";
        }

        if (options.CountryHeader is { } country && !IsHeader(country))
        {
            yield return $"CountryHeader is '{country}'; it must be the name of a header, or null.";
        }

        if (options.CityHeader is { } city && !IsHeader(city))
        {
            yield return $"CityHeader is '{city}'; it must be the name of a header, or null.";
        }

        if (options.KnownProxies.Count == 0 && options.KnownIPNetworks.Count == 0)
        {
            yield return "KnownProxies and KnownIPNetworks are empty; name the proxies that connect to this server, because any client can send the headers.";
        }

        foreach (var network in options.KnownIPNetworks.Where(network => network.PrefixLength == 0))
        {
            yield return $"KnownIPNetworks has {network}, which is every address; it must have the networks of the proxies alone.";
        }
    }

    private static bool IsHeader(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(NameCharacters);
}
