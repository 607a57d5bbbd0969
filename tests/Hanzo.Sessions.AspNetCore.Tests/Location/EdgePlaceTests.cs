using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Hanzo.Sessions.AspNetCore.Tests.Location;

/// <summary>What becomes of the text in the headers of the edge, and how much of it is remembered.</summary>
public sealed class EdgePlaceTests
{
    [TestCase("Madrid", "Madrid")]
    [TestCase("  Madrid ", "Madrid")]
    [TestCase("San Jos%C3%A9", "San José")]
    [TestCase("San José", "San José")]
    [TestCase("100% Pure", "100% Pure", Description = "not encoded at all")]
    [TestCase("%FF%FE", "%FF%FE", Description = "not UTF-8: nothing is decoded")]
    [TestCase("Ma%0D%0Adrid%00", "Madrid")]
    [TestCase("Ma\u202Edrid\u200B\u2028", "Madrid", Description = "characters that turn or hide text")]
    [TestCase("<b>Madrid</b>", "<b>Madrid</b>", Description = "text is text: JSON and pages escape it")]
    [TestCase("Ma\uD800drid", null, Description = "half a character")]
    [TestCase("%20", null)]
    [TestCase("", null)]
    [TestCase("XX", null)]
    [TestCase("ZZ", null)]
    [TestCase("T1", null)]
    [TestCase("?", null)]
    [Description("U8 text of strangers is bounded, well-formed and without control characters")]
    public void A_header_is_read_as_a_name(string header, string? name) => Assert.That(EdgePlace.Name(header), Is.EqualTo(name));

    [Test, Description("U8 text of strangers is bounded, and told twice it is told by two")]
    public void A_header_that_is_too_long_or_sent_twice_says_nothing()
    {
        Assert.That(EdgePlace.Name(new string('a', 128)), Has.Length.EqualTo(128));
        Assert.That(EdgePlace.Name(new string('a', 129)), Is.Null);
        Assert.That(EdgePlace.Name(string.Concat(Enumerable.Repeat("%E6%9D%B1", 56))), Has.Length.EqualTo(56));
        Assert.That(EdgePlace.Name(string.Concat(Enumerable.Repeat("%E6%9D%B1", 57))), Is.Null);
        Assert.That(EdgePlace.Name(new StringValues(["Madrid", "Lisbon"])), Is.Null);
        Assert.That(EdgePlace.Name(default), Is.Null);
    }

    [TestCase("Madrid", "ES", "en", "Madrid, Spain")]
    [TestCase("Madrid", "es", "es-MX", "Madrid, España")]
    [TestCase("Madrid", "ES", "zh-TW", "Madrid, 西班牙")]
    [TestCase("Madrid", "ES", "", "Madrid, Spain")]
    [TestCase("Madrid", "Spain", "de", "Madrid, Spain", Description = "a name is shown as it is")]
    [TestCase("Madrid", "QQ", "de", "Madrid, QQ", Description = "no country has this code")]
    [TestCase(null, "PT", "de", "Portugal")]
    [TestCase("Madrid", null, "de", "Madrid")]
    [TestCase(null, null, "de", null)]
    [Description("U8 a code becomes the name of the country in the reader's language")]
    public void A_place_is_named_in_the_readers_language(string? city, string? country, string culture, string? place) =>
        Assert.That(new EdgePlace(city, country).In(CultureInfo.GetCultureInfo(culture)), Is.EqualTo(place));

    [Test, Description("U8 bounded memory: the oldest networks are forgotten")]
    public void The_last_networks_are_remembered_and_no_more_than_twice_as_many()
    {
        const int networks = 3 * EdgeLocator.Capacity;
        var options = new EdgeLocationOptions();
        options.KnownProxies.Add(IPAddress.Loopback);
        var locator = new EdgeLocator(Options.Create(options));
        for (var i = 0; i < networks; i++)
        {
            Learn(locator, Address(i), $"City {i}");
        }

        var known = Enumerable.Range(0, networks).Where(i => locator.Locate(Address(i), CultureInfo.InvariantCulture) is not null).ToList();

        Assert.That(known, Has.Count.InRange(EdgeLocator.Capacity, 2 * EdgeLocator.Capacity));
        Assert.That(known, Is.SupersetOf(Enumerable.Range(networks - EdgeLocator.Capacity, EdgeLocator.Capacity)));
    }

    [Test, Description("U8 bounded memory: a network in use is not among the oldest")]
    public void A_network_that_is_seen_again_is_not_forgotten()
    {
        var options = new EdgeLocationOptions();
        options.KnownProxies.Add(IPAddress.Loopback);
        var locator = new EdgeLocator(Options.Create(options));
        for (var i = 1; i < 3 * EdgeLocator.Capacity; i++)
        {
            Learn(locator, Address(i), "Elsewhere");
            Learn(locator, Address(0), "Madrid");
        }

        Assert.That(locator.Locate(Address(0), CultureInfo.InvariantCulture), Is.EqualTo("Madrid"));
    }

    [TestCase("203.0.113.255", "Madrid")]
    [TestCase("203.0.114.0", null)]
    [TestCase("2001:db8:7:ffff::1", "Tokyo")]
    [TestCase("2001:db8:8::1", null)]
    [Description("U8 a place is that of the network, 24 bits of IPv4 and 48 of IPv6, as addresses are kept")]
    public void A_place_is_that_of_the_network(string address, string? place)
    {
        var options = new EdgeLocationOptions();
        options.KnownProxies.Add(IPAddress.Loopback);
        var locator = new EdgeLocator(Options.Create(options));
        Learn(locator, IPAddress.Parse("::ffff:203.0.113.9"), "Madrid");
        Learn(locator, IPAddress.Parse("2001:db8:7::9"), "Tokyo");

        Assert.That(locator.Locate(IPAddress.Parse(address), CultureInfo.InvariantCulture), Is.EqualTo(place));
    }

    private static IPAddress Address(int network) => new([10, (byte)(network >> 8), (byte)network, 7]);

    private static void Learn(EdgeLocator locator, IPAddress address, string city)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = address;
        http.Request.Headers["CF-IPCity"] = city;
        locator.Learn(http);
    }
}
