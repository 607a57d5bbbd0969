using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// Remembers what the edge said of the networks from which sessions were used. A feature of each request whose direct peer is
/// a known proxy.
/// </summary>
internal sealed class EdgeLocator : ISessionLocator
{
    /// <summary>So many networks are remembered at least, the last ones that were seen; and at most twice as many.</summary>
    internal const int Capacity = 10_000;

    private const int IPv4Prefix = 24;
    private const int IPv6Prefix = 48;

    private readonly EdgeLocationOptions _options;
    private readonly HashSet<IPAddress> _proxies;
    private readonly ILogger _logger;
    private readonly Lock _writing = new();
    private volatile ConcurrentDictionary<IPAddress, EdgePlace> _older = [];
    private volatile ConcurrentDictionary<IPAddress, EdgePlace> _newer = [];
    private int _newerCount;
    private int _hasToldOfStranger;
    private int _hasToldOfProxy;

    public EdgeLocator(IOptions<EdgeLocationOptions> options, ILogger<EdgeLocator>? logger = null)
    {
        _options = options.Value;
        _proxies = [.. _options.KnownProxies.Select(Plain)];
        _logger = logger ?? NullLogger<EdgeLocator>.Instance;
    }

    /// <summary>Looks at the direct peer of a request, before anything else has: only what a known proxy says is learned later.</summary>
    public void Meet(HttpContext http)
    {
        var peer = http.Connection.RemoteIpAddress;
        if (peer is not null && IsKnown(Plain(peer)))
        {
            http.Features.Set(this);
        }
        else if (_hasToldOfStranger == 0 && PlaceOf(http.Request) is not null && Interlocked.Exchange(ref _hasToldOfStranger, 1) == 0)
        {
            Log.StrangersLocation(_logger, peer);
        }
    }

    /// <summary>
    /// Remembers where the headers of a request say that its address is. By now the address is that of the session: the
    /// host's <c>UseForwardedHeaders</c> has run.
    /// </summary>
    public void Learn(HttpContext http)
    {
        if (http.Connection.RemoteIpAddress is not { } remote || PlaceOf(http.Request) is not { } place)
        {
            return;
        }

        var address = Plain(remote);
        if (!IsKnown(address))
        {
            Remember(NetworkOf(address), place);
        }
        else if (Interlocked.Exchange(ref _hasToldOfProxy, 1) == 0)
        {
            Log.LocationOfProxy(_logger, address);
        }
    }

    public string? Locate(IPAddress address, CultureInfo culture)
    {
        var network = NetworkOf(address);
        return (_newer.GetValueOrDefault(network) ?? _older.GetValueOrDefault(network))?.In(culture);
    }

    private void Remember(IPAddress network, EdgePlace place)
    {
        if (_newer.TryGetValue(network, out var known) && known == place)
        {
            return;
        }

        lock (_writing)
        {
            if (_newer.TryAdd(network, place))
            {
                _newerCount++;
            }
            else
            {
                _newer[network] = place;
            }

            if (_newerCount == Capacity)
            {
                (_older, _newer, _newerCount) = (_newer, [], 0);
            }
        }
    }

    private EdgePlace? PlaceOf(HttpRequest request)
    {
        var place = new EdgePlace(Read(request, _options.CityHeader), Read(request, _options.CountryHeader));
        return place is { City: null, Country: null } ? null : place;
    }

    private bool IsKnown(IPAddress address) =>
        _proxies.Contains(address) || _options.KnownIPNetworks.Any(network => network.Contains(address));

    private static string? Read(HttpRequest request, string? header) =>
        header is null ? null : EdgePlace.Name(request.Headers[header]);

    private static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());

    private static IPAddress NetworkOf(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        var prefix = address.AddressFamily == AddressFamily.InterNetwork ? IPv4Prefix : IPv6Prefix;
        bytes.AsSpan(prefix / 8).Clear();
        return new IPAddress(bytes);
    }
}
