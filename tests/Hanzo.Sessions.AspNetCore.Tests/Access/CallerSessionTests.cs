namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>A request can name the session that it is meant for; with another one's cookie it does nothing.</summary>
public sealed class CallerSessionTests
{
    private const string Header = "X-Hanzo-Caller-Session";
    private const string Admin = "/api/admin/sessions";
    private const string Account = "/api/account/sessions";

    private WebHarness _app = null!;
    private Session _phone = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _app = await WebHarness.StartAsync(it => it.WithEverything());
        _phone = await _app.AddAsync("hanzo", "ada");
    }

    [TearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [Test, Combinatorial, Description("HTTP T4 every route: another session than the named one is 412, whoever has it, and nothing is read or ended")]
    public async Task A_request_for_another_session_does_nothing(
        [Values("ada", "ben", "again", "client")] string caller, [Values("GET", "DELETE")] string method)
    {
        var admin = await _app.SignedInAsync("admin", more: WebHarness.Administrator);
        var named = await admin.SessionIdAsync();
        var sender = caller switch
        {
            "client" => _app.Client(ServiceClients.All),
            "again" => await _app.SignedInAsync("admin", more: WebHarness.Administrator),
            _ => await _app.SignedInAsync(caller),
        };
        foreach (var path in new[] { Account, $"{Account}/{_phone.Id}", Admin, $"{Admin}/{_phone.Id}", $"{Admin}?userId=hanzo/ada", $"{Admin}/history", $"{Admin}/alarms" })
        {
            foreach (var value in new[] { named, "nonsense", $"{named}, {named}" })
            {
                var answer = await sender.SendAsync(new HttpMethod(method), path, [("X-Hanzo-Sessions", "1"), (Header, value)]);

                Assert.That(answer.Status, Is.EqualTo(412), $"{path} {value}");
                Assert.That(answer.Json.GetProperty("code").GetString(), Is.EqualTo("anotherCaller"));
                Assert.That(answer.Whole, Does.Not.Contain("hanzo/").And.Not.Contain(named), "who the caller is now is not said");
                Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"));
            }
        }

        Assert.That(await _app.IsActiveAsync(_phone), Is.True);
    }

    [Test, Description("HTTP the caller's own session is named: as without the header")]
    public async Task A_request_for_the_callers_session_is_done()
    {
        var ada = await _app.SignedInAsync();
        var own = await ada.SessionIdAsync();

        Assert.That((await ada.GetAsync(Account, (Header, own))).Items, Has.Count.EqualTo(2));
        var answer = await ada.SendAsync(HttpMethod.Delete, $"{Account}/{_phone.Id}", [("X-Hanzo-Sessions", "1"), (Header, own)]);
        Assert.That(answer.Status, Is.EqualTo(204));
        Assert.That(await _app.IsActiveAsync(_phone), Is.False);
    }

    [Test, Description("HTTP 401 and the guard come first")]
    public async Task Neither_a_stranger_nor_another_site_learns_more()
    {
        var ada = await _app.SignedInAsync();
        Assert.That((await _app.Visitor().GetAsync(Account, (Header, $"{_phone.Id}"))).Status, Is.EqualTo(401));
        Assert.That(
            (await ada.SendAsync(HttpMethod.Delete, Account, [("Sec-Fetch-Site", "cross-site"), (Header, $"{_phone.Id}")])).Status, Is.EqualTo(403));
        Assert.That(await _app.IsActiveAsync(_phone), Is.True);
    }
}
