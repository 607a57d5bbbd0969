using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Hanzo.Sessions.AspNetCore.Tests.Location;

/// <summary>A content delivery network in front of a real server: its headers are believed from it alone.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)] // each has a log of its own
public sealed class EdgeLocationTests : IDisposable
{
    private const string Route = "/api/account/sessions";

    private static readonly (string, string)[] FromMadrid = [("X-Forwarded-For", "203.0.113.9"), ("CF-IPCity", "Madrid"), ("CF-IPCountry", "ES")];

    private readonly RecordedLines _log = new();

    public void Dispose() => _log.Dispose();

    [Test, Description("U8 what the edge says of a request is the place of its address, in the reader's language")]
    public async Task The_place_that_a_known_proxy_tells_is_shown()
    {
        await using var app = await StartAsync(it => it.KnownProxies.Add(IPAddress.Loopback));
        var ada = app.Visitor();
        await ada.PostAsync("/login?user=ada", FromMadrid);

        var answer = await ada.GetAsync(Route, [.. FromMadrid, ("Accept-Language", "de")]);

        Assert.That(answer.Items.Single().GetProperty("ipAddress").GetString(), Is.EqualTo("203.0.113.9"));
        Assert.That(answer.Items.Single().GetProperty("place").GetString(), Is.EqualTo("Madrid, Spanien"));
        Assert.That(_log.All, Has.None.StartsWith("108").And.None.StartsWith("109"));
    }

    [TestCase(true, Description = "the host's own call of UseForwardedHeaders")]
    [TestCase(false, Description = "a filter that stood before this library's, as that of ASPNETCORE_FORWARDEDHEADERS_ENABLED")]
    [Description("U8 headers of an unknown peer change nothing, also when it claims to be the proxy")]
    public async Task Spoofed_headers_change_nothing(bool inTheApp)
    {
        (string, string)[] spoofed =
        [
            ("X-Forwarded-For", "192.0.2.10"), ("X-Original-For", "192.0.2.10"), ("X-Real-IP", "192.0.2.10"), ("Forwarded", "for=192.0.2.10"),
            ("CF-Connecting-IP", "192.0.2.10"), ("CF-IPCity", "Madrid"), ("CF-IPCountry", "ES"),
        ];
        await using var app = await StartAsync(it => it.KnownProxies.Add(IPAddress.Parse("192.0.2.10")), inTheApp);
        var ada = app.Visitor();
        await ada.PostAsync("/login?user=ada", spoofed);
        await ada.GetAsync("/me", FromMadrid);

        var item = (await ada.GetAsync(Route, spoofed)).Items.Single();

        Assert.That(item.GetProperty("ipAddress").GetString(), Is.EqualTo("192.0.2.10"), "the address is forwarded, so the order was put to the test");
        Assert.That(item.GetProperty("place").GetString(), Is.Null);
        Assert.That(
            _log.All.Where(line => line.StartsWith("108", StringComparison.Ordinal)),
            Is.EqualTo(new[] { "108 Information Location headers from 127.0.0.1 are ignored: it is not in KnownProxies or KnownIPNetworks of UseEdgeLocation. Further ones are not logged." }));
    }

    [Test, Description("U8 a network of proxies is known by its addresses, also as IPv6 writes them")]
    public async Task A_proxy_is_known_by_its_network()
    {
        await using var app = await StartAsync(it => it.KnownIPNetworks.Add(IPNetwork.Parse("127.0.0.0/8")));
        var ada = app.Visitor();
        await ada.PostAsync("/login?user=ada", FromMadrid);

        Assert.That(await PlaceAsync(ada), Is.EqualTo("Madrid, Spain"));
    }

    [Test, Description("U8 headers without a session teach nothing: strangers do not push users' networks out")]
    public async Task Requests_without_a_session_are_not_remembered()
    {
        await using var app = await StartAsync(it => it.KnownProxies.Add(IPAddress.Loopback));
        var ada = app.Visitor();
        await ada.PostAsync("/login?user=ada", ("X-Forwarded-For", "203.0.113.9"));

        await app.Visitor().GetAsync("/open", FromMadrid);
        Assert.That(await PlaceAsync(ada), Is.Null);

        await ada.GetAsync("/open", FromMadrid);
        Assert.That(await PlaceAsync(ada), Is.EqualTo("Madrid, Spain"));
    }

    [Test, Description("U8 the place of a user behind the proxy is not that of the proxy")]
    public async Task Without_forwarded_addresses_nothing_is_shown_and_the_log_says_so()
    {
        await using var app = await StartAsync(it => it.KnownProxies.Add(IPAddress.Loopback), forwards: false);
        var ada = app.Visitor();
        await ada.PostAsync("/login?user=ada", FromMadrid);
        await ada.GetAsync("/me", FromMadrid);

        Assert.That(await PlaceAsync(ada), Is.Null);
        Assert.That(_log.All.Count(line => line.StartsWith("109 Warning Location headers are ignored: the address of the request is 127.0.0.1", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test, Description("U8 a city as UTF-8 or percent-encoded, in headers of another network")]
    public async Task Names_of_cities_arrive_whole()
    {
        await using var app = await StartAsync(it =>
        {
            it.KnownProxies.Add(IPAddress.Loopback);
            it.CityHeader = "X-Vercel-IP-City";
            it.CountryHeader = "X-Vercel-IP-Country";
        });
        var ada = app.Visitor();
        await ada.PostAsync("/login?user=ada", ("X-Forwarded-For", "203.0.113.9"), ("X-Vercel-IP-City", "S%C3%A3o%20Paulo"), ("X-Vercel-IP-Country", "br"));
        Assert.That(await PlaceAsync(ada), Is.EqualTo("São Paulo, Brazil"));

        await SendRawAsync(app, $"GET /me HTTP/1.1\r\nHost: x\r\nCookie: {WebHarness.CookieName}={ada.Token}\r\nX-Forwarded-For: 203.0.113.9\r\nX-Vercel-IP-City: 東京\r\nX-Vercel-IP-Country: JP\r\nConnection: close\r\n\r\n");
        Assert.That(await PlaceAsync(ada), Is.EqualTo("東京, Japan"), "the newest word counts");
    }

    [Test, Description("U8 a setting with which any client could say where it is is refused at start")]
    public void Without_a_known_proxy_the_host_does_not_start()
    {
        Assert.That(() => StartAsync(_ => { }), Refused("KnownProxies and KnownIPNetworks are empty"));
        Assert.That(() => StartAsync(it => it.KnownIPNetworks.Add(IPNetwork.Parse("0.0.0.0/0"))), Refused("KnownIPNetworks has 0.0.0.0/0, which is every address"));
        Assert.That(
            () => StartAsync(it =>
            {
                it.KnownProxies.Add(IPAddress.Loopback);
                it.CityHeader = "CF IPCity";
                it.CountryHeader = string.Empty;
            }),
            Refused("CityHeader is 'CF IPCity'").And.Message.Contains("CountryHeader is ''"));
        Assert.That(
            () => StartAsync(it =>
            {
                it.KnownProxies.Add(IPAddress.Loopback);
                it.CityHeader = it.CountryHeader = null;
            }),
            Refused("CountryHeader and CityHeader are both null"));
    }

    private static NUnit.Framework.Constraints.ContainsConstraint Refused(string fault) =>
        Throws.TypeOf<OptionsValidationException>().With.Message.Contains(fault);

    private static async Task<string?> PlaceAsync(Visitor visitor) =>
        (await visitor.GetAsync(Route, ("X-Forwarded-For", "203.0.113.200"))).Items.Single().GetProperty("place").GetString();

    private static async Task SendRawAsync(WebHarness app, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(app.App.Urls.Single()).Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        using var reader = new StreamReader(stream);
        Assert.That(await reader.ReadToEndAsync(), Does.StartWith("HTTP/1.1 200 "));
    }

    /// <param name="configure">The settings of the edge.</param>
    /// <param name="inTheApp">Whether the app itself calls UseForwardedHeaders, or a filter that was registered earlier does.</param>
    /// <param name="forwards">Whether any of them does.</param>
    private Task<WebHarness> StartAsync(Action<EdgeLocationOptions> configure, bool inTheApp = true, bool forwards = true) => WebHarness.StartAsync(it =>
    {
        it.RealServer = true;
        it.Services = services =>
        {
            services.AddLogging(logging => logging.AddProvider(_log));
            if (forwards && !inTheApp)
            {
                services.AddSingleton<IStartupFilter, ForwardingFilter>();
            }

            services.AddHanzoSessions().UseEdgeLocation(configure);
        };
        if (forwards && inTheApp)
        {
            it.App = app =>
            {
                app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor });
                app.UseAuthentication();
            };
        }
    });

    private sealed class ForwardingFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor });
            next(app);
        };
    }
}
