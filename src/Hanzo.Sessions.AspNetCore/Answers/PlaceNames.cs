using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Says where the addresses of an answer are: as the first of the host's locators that knows, in the client's language.</summary>
internal sealed class PlaceNames
{
    private readonly ISessionLocator[] _locators;
    private readonly CultureInfo _culture;
    private readonly Dictionary<string, string?> _known = new(StringComparer.Ordinal);

    private PlaceNames(ISessionLocator[] locators, CultureInfo culture)
    {
        _locators = locators;
        _culture = culture;
    }

    /// <summary>For a host without a locator: no place is known.</summary>
    public static PlaceNames None { get; } = new([], CultureInfo.InvariantCulture);

    /// <summary>Those of one answer to a request.</summary>
    public static PlaceNames Of(HttpContext http) =>
        http.RequestServices.GetServices<ISessionLocator>().ToArray() is [_, ..] locators
            ? new PlaceNames(locators, RequestCulture.Of(http.Request))
            : None;

    /// <summary>The place of an address, or of a network such as 203.0.113.0/24; null if it is unknown.</summary>
    public string? Find(string? address)
    {
        if (_locators.Length == 0 || address is null)
        {
            return null;
        }

        if (!_known.TryGetValue(address, out var place))
        {
            place = Locate(address);
            _known.Add(address, place);
        }

        return place;
    }

    private string? Locate(string text) => IPAddress.TryParse(text.Split('/')[0], out var address)
        ? _locators.Select(it => it.Locate(address, _culture)).FirstOrDefault(it => it is not null)
        : null;
}
