using System.Globalization;
using System.Net;
using Hanzo.Sessions.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests.Location;

/// <summary>Where the answers show the place of an address.</summary>
public sealed class PlaceNameTests
{
    [Test, Description("U8 lists, records, history and explanations carry the place of the address")]
    public async Task Every_answer_about_a_session_says_where_its_address_is()
    {
        await using var app = await StartAsync(services => services.AddLocator(new Atlas()));
        var admin = await app.SignedInAsync("admin", more: WebHarness.AdministratorOfAll);
        var session = await app.AddAsync("hanzo", "ben", from: "203.0.113.7");
        var ended = await app.AddAsync("hanzo", "eve", from: "203.0.113.8");
        await admin.DeleteAsync($"/api/admin/sessions/{ended.Id}");

        var list = (await admin.GetAsync("/api/admin/sessions?user=ben")).Items.Single();
        var record = (await admin.GetAsync("/api/admin/sessions?view=records&user=ben")).Items.Single().GetProperty("sessions")[0];
        var past = (await admin.GetAsync("/api/admin/sessions/history?user=eve")).Items.Single();
        var explained = (await admin.GetAsync($"/api/admin/sessions/{session.Id}")).Json;

        Assert.That(
            new[] { list, record, past, explained }.Select(it => it.GetProperty("place").GetString()),
            Is.EqualTo(new[] { "203.0.113.7 in en", "203.0.113.7 in en", "203.0.113.8 in en", "203.0.113.7 in en" }));
    }

    [Test, Description("U8 users see it of their own sessions, over a real server")]
    public async Task Users_see_the_place_of_their_own_sessions()
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.RealServer = true;
            it.Services = services => services.AddHanzoSessions().AddLocator<Atlas>();
        });
        var ada = await app.SignedInAsync();

        var list = (await ada.GetAsync("/api/account/sessions", ("Accept-Language", "es-MX,en;q=0.5"))).Items.Single();
        var explained = (await ada.GetAsync($"/api/account/sessions/{await ada.SessionIdAsync()}", ("Accept-Language", "ja"))).Json;

        Assert.That(list.GetProperty("place").GetString(), Is.EqualTo("127.0.0.1 in es-MX"));
        Assert.That(explained.GetProperty("place").GetString(), Is.EqualTo("127.0.0.1 in ja"));
    }

    [Test, Description("U8 U1 the place of the last use stands beside that of the sign-in; where it is the same, once")]
    public async Task A_session_that_moved_has_two_places()
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.RealServer = true;
            it.Services = services => services.AddHanzoSessions().AddLocator<Atlas>();
            it.App = web => web
                .UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor })
                .UseAuthentication();
        });
        var ada = app.Visitor();
        await ada.PostAsync("/login?user=ada", ("X-Forwarded-For", "203.0.113.7"));

        var before = (await ada.GetAsync("/api/account/sessions", ("X-Forwarded-For", "203.0.113.7"))).Items.Single();
        var after = (await ada.GetAsync("/api/account/sessions", ("X-Forwarded-For", "198.51.100.9"))).Items.Single();

        Assert.That(before.GetProperty("place").GetString(), Is.EqualTo("203.0.113.7 in en"));
        Assert.That(before.GetProperty("lastPlace").GetString(), Is.Null);
        Assert.That(after.GetProperty("place").GetString(), Is.EqualTo("203.0.113.7 in en"));
        Assert.That(after.GetProperty("lastPlace").GetString(), Is.EqualTo("198.51.100.9 in en"));
    }

    [TestCase("203.0.113.0/24", "203.0.113.0 in en", Description = "kept as its network only")]
    [TestCase("2001:db8:7::/48", "2001:db8:7:: in en")]
    [TestCase("2001:db8::7", "2001:db8::7 in en")]
    [TestCase(null, null)]
    [TestCase("not an address", null)]
    [Description("U8 U7 a kept network has the place of its first address")]
    public async Task An_address_is_read_as_it_was_kept(string? kept, string? place)
    {
        await using var app = await StartAsync(services => services.AddLocator(new Atlas()));
        var admin = await app.SignedInAsync("admin", more: WebHarness.AdministratorOfAll);
        var creation = TestSessions.Of(new SessionUser("hanzo", "ben")).At(app.Clock.GetUtcNow());
        await app.Store.CreateAsync(creation with { Session = creation.Session with { IpAddress = kept } });

        Assert.That((await admin.GetAsync("/api/admin/sessions?user=ben")).Items.Single().GetProperty("place").GetString(), Is.EqualTo(place));
    }

    [Test, Description("U8 of several locators the first that knows answers")]
    public async Task Locators_are_asked_in_their_order_until_one_knows()
    {
        var (first, second) = (new Known("203.0.113.7", "the first"), new Known("198.51.100.7", "the second"));
        await using var app = await StartAsync(services => services.AddLocator(first).AddLocator(second).AddLocator(new Atlas()));
        var admin = await app.SignedInAsync("admin", more: WebHarness.AdministratorOfAll);
        foreach (var address in new[] { "203.0.113.7", "198.51.100.7", "192.0.2.7" })
        {
            await app.AddAsync("hanzo", "ben", from: address);
        }

        var places = (await admin.GetAsync("/api/admin/sessions?user=ben&sort=ipAddress")).Items.Select(it => it.GetProperty("place").GetString());

        Assert.That(places, Is.EqualTo(new[] { "192.0.2.7 in en", "the second", "the first" }));
    }

    [Test, Description("U8 an address is looked up once per answer")]
    public async Task A_list_asks_once_for_each_address()
    {
        var atlas = new Atlas();
        await using var app = await StartAsync(services => services.AddLocator(atlas));
        var admin = await app.SignedInAsync("admin", more: WebHarness.AdministratorOfAll);
        for (var i = 0; i < 5; i++)
        {
            await app.AddAsync("hanzo", "ben", from: "203.0.113.7");
        }

        await admin.GetAsync("/api/admin/sessions?user=ben");

        Assert.That(atlas.Asked, Is.EqualTo(1));
    }

    [TestCase("", "en")]
    [TestCase("de", "de")]
    [TestCase("xx-YY, fr;q=0.5, pt-BR;q=0.9", "pt-BR", Description = "the best one that is known")]
    [TestCase("de;q=0, it;q=0.1", "it", Description = "0 is not wanted")]
    [TestCase("*", "en")]
    [TestCase("en-u-va-abcde, en-x-abc, en_US, es", "es", Description = "the framework would keep each of these for good")]
    [TestCase("zh-Hant-HK", "zh-Hant-HK")]
    [TestCase("a,b,c,d,e,f,g,h,i,j,de", "en", Description = "beyond the tenth")]
    [TestCase("\0;;;=", "en")]
    [Description("U8 in the client's language")]
    public void The_language_is_the_first_that_is_known(string header, string culture)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.AcceptLanguage = header;

        Assert.That(RequestCulture.Of(http.Request).Name, Is.EqualTo(culture));
    }

    private static Task<WebHarness> StartAsync(Action<HanzoSessionsBuilder> configure) => WebHarness.StartAsync(it =>
    {
        it.WithAdministrators();
        it.Services += services => configure(services.AddHanzoSessions());
    });

    private sealed class Atlas : ISessionLocator
    {
        public int Asked { get; private set; }

        public string? Locate(IPAddress address, CultureInfo culture)
        {
            Asked++;
            return $"{address} in {culture}";
        }
    }

    private sealed class Known(string address, string place) : ISessionLocator
    {
        public string? Locate(IPAddress asked, CultureInfo culture) =>
            string.Equals(asked.ToString(), address, StringComparison.Ordinal) ? place : null;
    }
}
