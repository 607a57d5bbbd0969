using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;

namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class IpAddressTests
{
    private static readonly (string, string)[] Spoofed =
    [
        ("X-Forwarded-For", "203.0.113.9"), ("X-Real-IP", "203.0.113.9"), ("Forwarded", "for=203.0.113.9"),
        ("CF-Connecting-IP", "203.0.113.9"), ("True-Client-IP", "203.0.113.9"), ("X-Client-IP", "203.0.113.9"),
    ];

    [Test, Description("C1 the address is the connection's")]
    public async Task Headers_that_claim_another_address_change_nothing()
    {
        await using var app = await WebHarness.StartAsync(it => it.RealServer = true);
        var visitor = app.Visitor();

        await visitor.PostAsync("/login?user=ada", Spoofed);

        Assert.That((await app.StoredAsync(await visitor.SessionIdAsync())).IpAddress, Is.EqualTo("127.0.0.1"));
    }

    [Test, Description("C1 forwarded headers are the host's own middleware")]
    public async Task The_hosts_forwarded_headers_middleware_is_believed()
    {
        await using var app = await WebHarness.StartAsync(it =>
        {
            it.RealServer = true;
            it.App = web => web.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor });
        });
        var visitor = app.Visitor();

        await visitor.PostAsync("/login?user=ada", Spoofed);

        Assert.That((await app.StoredAsync(await visitor.SessionIdAsync())).IpAddress, Is.EqualTo("203.0.113.9"));
    }

    [TestCase("::ffff:203.0.113.9", "203.0.113.9")]
    [TestCase("fe80::1%3", "fe80::1")]
    [TestCase("2001:DB8:0::1", "2001:db8::1")]
    [Description("A1 C1 one text for one address")]
    public async Task The_address_is_kept_in_one_form(string address, string kept)
    {
        await using var app = await WebHarness.StartAsync(it => it.App = web => web.Use((http, next) =>
        {
            http.Connection.RemoteIpAddress = IPAddress.Parse(address);
            return next(http);
        }));
        var visitor = await app.SignedInAsync();

        Assert.That((await app.StoredAsync(await visitor.SessionIdAsync())).IpAddress, Is.EqualTo(kept));
    }
}
