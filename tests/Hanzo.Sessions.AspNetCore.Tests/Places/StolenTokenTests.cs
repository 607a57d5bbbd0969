using System.Text.Json;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>A token or a cookie that is copied to another address and agent, for every kind of session.</summary>
public sealed class StolenTokenTests
{
    private const string Owner = "curl/8.0";
    private const string Thief = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";

    [Test, Description("U1 U2 U3 a copied token shows at its first request, passive or not, in both lists")]
    public async Task A_copy_shows_where_it_was_used_at_its_first_request([Values] SessionKind kind, [Values] bool passive)
    {
        await using var app = await PlacedApp.StartAsync(kind);
        (string, string)[] headers = passive ? [("X-Hanzo-Passive", "1")] : [];

        var own = await app.GetAsync("/api/account/sessions", PlacedApp.Elsewhere, Thief, headers);

        var lists = new[] { own, await app.AdministratorGetsAsync("/api/admin/sessions?user=ada"), await RecordAsync() };
        foreach (var session in lists.Select(list => list.Items.Select(item => item.TryGetProperty("sessions", out var them) ? them[0] : item).Single()))
        {
            Assert.That(Text(session, "ipAddress"), Is.EqualTo(PlacedApp.Home));
            Assert.That(Text(session, "device"), Is.EqualTo("curl"));
            Assert.That(Text(session, "lastIpAddress"), Is.EqualTo(PlacedApp.Elsewhere));
            Assert.That(Text(session, "lastUserAgent"), Is.EqualTo(Thief));
            Assert.That(Text(session, "lastDevice"), Is.EqualTo("Firefox on Linux"));
            Assert.That(session.GetProperty("movedAt").GetDateTimeOffset(), Is.EqualTo(app.Web.Clock.GetUtcNow()));
        }

        Task<Answer> RecordAsync() => app.AdministratorGetsAsync("/api/admin/sessions?user=ada&view=records");
    }

    [Test, Description("U1 equal places show once")]
    public async Task Without_a_move_the_last_place_is_null([Values] SessionKind kind)
    {
        await using var app = await PlacedApp.StartAsync(kind);

        var session = (await app.GetAsync("/api/account/sessions", PlacedApp.Home, Owner)).Items.Single();

        foreach (var name in new[] { "lastIpAddress", "lastUserAgent", "lastDevice", "movedAt" })
        {
            Assert.That(session.GetProperty(name).ValueKind, Is.EqualTo(JsonValueKind.Null), name);
        }
    }

    [Test, Description("U5 End refuses a copy at its first request, and the owner after it; history keeps the last place")]
    public async Task With_End_a_copy_is_refused_at_its_first_request([Values] SessionKind kind, [Values] bool passive)
    {
        await using var app = await PlacedApp.StartAsync(kind, options => options.OnMove = SessionMoveAction.End);
        (string, string)[] headers = passive ? [("X-Hanzo-Passive", "1")] : [];
        Assert.That((await app.GetAsync("/me", PlacedApp.Home, Owner)).Status, Is.EqualTo(200));

        Assert.That((await app.GetAsync("/me", PlacedApp.Elsewhere, Thief, headers)).Status, Is.EqualTo(401));

        Assert.That((await app.GetAsync("/me", PlacedApp.Home, Owner)).Status, Is.EqualTo(401), "it is one session");
        var history = (await app.AdministratorGetsAsync("/api/admin/sessions/history?user=ada")).Items.Single();
        Assert.That(Text(history, "reason"), Is.EqualTo("Moved"));
        Assert.That(history.GetProperty("endedBy").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(Text(history, "lastIpAddress"), Is.EqualTo(PlacedApp.Elsewhere));
    }

    [Test, Description("U2 spoofed forwarding headers change nothing")]
    public async Task A_header_that_claims_another_address_moves_nothing([Values] SessionKind kind)
    {
        await using var app = await PlacedApp.StartAsync(kind, options => options.OnMove = SessionMoveAction.End);
        (string, string)[] spoofed =
        [
            ("X-Forwarded-For", PlacedApp.Elsewhere), ("X-Real-IP", PlacedApp.Elsewhere), ("Forwarded", $"for={PlacedApp.Elsewhere}"),
            ("CF-Connecting-IP", PlacedApp.Elsewhere), ("True-Client-IP", PlacedApp.Elsewhere), ("X-Original-For", PlacedApp.Elsewhere),
        ];

        Assert.That((await app.GetAsync("/me", PlacedApp.Home, Owner, spoofed)).Status, Is.EqualTo(200), "no move");
        Assert.That(
            (await app.GetAsync("/me", PlacedApp.Elsewhere, Owner, [.. spoofed.Select(it => (it.Item1, PlacedApp.Home))])).Status,
            Is.EqualTo(401),
            "no way to hide one");
    }

    [Test, Description("U5 a phone within its network and a browser's update are no moves")]
    public async Task What_happens_to_an_honest_user_is_no_move([Values] SessionKind kind)
    {
        await using var app = await PlacedApp.StartAsync(kind, options => options.OnMove = SessionMoveAction.End);

        Assert.That((await app.GetAsync("/me", "203.0.113.200", Owner)).Status, Is.EqualTo(200), "another address of the network");
        Assert.That((await app.GetAsync("/me", PlacedApp.Home, "curl/8.11.1")).Status, Is.EqualTo(200), "a newer version");
    }

    [Test, Description("U1 a dual-stack browser is one move of the family and no more")]
    public async Task A_dual_stack_browser_moves_once([Values] SessionKind kind)
    {
        await using var app = await PlacedApp.StartAsync(kind);
        app.Web.Clock.Advance(TimeSpan.FromMinutes(2));
        await app.GetAsync("/me", "2001:db8::1", Owner);
        var moved = app.Web.Clock.GetUtcNow();

        for (var i = 0; i < 10; i++)
        {
            app.Web.Clock.Advance(TimeSpan.FromMinutes(2));
            var list = await app.GetAsync("/api/account/sessions", i % 2 == 0 ? PlacedApp.Home : "2001:db8::1", Owner);
            Assert.That(list.Items.Single().GetProperty("movedAt").GetDateTimeOffset(), Is.EqualTo(moved));
        }
    }

    [Test, Description("U6 moves count for the alarm")]
    public async Task Moves_raise_the_alarm([Values] SessionKind kind)
    {
        await using var app = await PlacedApp.StartAsync(kind, options => options.IpSpreadThreshold = 2);

        await app.GetAsync("/me", PlacedApp.Elsewhere, Owner);

        Assert.That((await app.AdministratorGetsAsync("/api/admin/sessions/alarms")).Items, Has.Count.EqualTo(1));
    }

    [Test, Description("U7 addresses as networks only")]
    public async Task Addresses_can_be_kept_as_networks_only([Values] SessionKind kind)
    {
        await using var app = await PlacedApp.StartAsync(kind, options => options.AddressPrecision = SessionAddressPrecision.Network);

        var session = (await app.GetAsync("/api/account/sessions", PlacedApp.Elsewhere, Owner)).Items.Single();

        Assert.That((Text(session, "ipAddress"), Text(session, "lastIpAddress")), Is.EqualTo(("203.0.113.0/24", "198.51.100.0/24")));
    }

    [Test, Description("U7 a forgotten user is signed out, and an old cookie is not adopted again")]
    public async Task A_forgotten_user_is_signed_out_and_leaves_no_history([Values] SessionKind kind)
    {
        await using var app = await PlacedApp.StartAsync(kind);

        await app.Web.Manager.ForgetAsync(new SessionUser("hanzo", "ada"), SessionActor.Service("privacy"));

        Assert.That((await app.GetAsync("/me", PlacedApp.Home, Owner)).Status, Is.EqualTo(401));
        Assert.That((await app.AdministratorGetsAsync("/api/admin/sessions?user=ada")).Items, Is.Empty);
        Assert.That((await app.AdministratorGetsAsync("/api/admin/sessions/history?user=ada")).Items, Is.Empty);
    }

    private static string? Text(JsonElement session, string name) => session.GetProperty(name).GetString();
}
