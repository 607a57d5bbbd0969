namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>How the samples start, and when they do not.</summary>
public sealed class SampleStartTests
{
    [TestCase("Production")]
    [TestCase("Staging")]
    [TestCase("development-like")]
    [Description("P1 the passwords of the sample are public")]
    public async Task AdminPanel_refuses_to_start_outside_Development_and_says_why(string environment)
    {
        var (exitCode, output) = await SampleProcess.RunAsync("AdminPanel", environment);

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output, Does.Contain("the password of its users is public. It runs in the Development environment only"));
        Assert.That(output, Does.Not.Contain("Now listening"));
    }

    [Test, Description("V2 settings out of range are all named, and nothing starts")]
    public async Task Settings_of_the_environment_that_are_out_of_range_are_all_named()
    {
        var (exitCode, output) = await SampleProcess.RunAsync(
            "AdminPanel",
            "Development",
            ("HanzoSessions__IdleTimeout", "00:00:00.5"),
            ("HanzoSessions__MaxSessions", "0"),
            ("HanzoSessions__DefaultApplication", "a/b"));

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output, Does.Contain("HanzoSessions: IdleTimeout is 00:00:00.5000000; it must be from 00:00:01 to 3650.00:00:00."));
        Assert.That(output, Does.Contain("HanzoSessions: MaxSessions is 0; it must be from 1 to 1000000."));
        Assert.That(output, Does.Contain("HanzoSessions: DefaultApplication is 'a/b'"));
        Assert.That(output, Does.Not.Contain("Now listening"));
    }

    [Test, Description("V2 a setting of the environment counts")]
    public async Task Settings_of_the_environment_count()
    {
        await using var sample = await SampleProcess.StartAsync(
            "AdminPanel", "Development", ("HanzoSessions__IdleTimeout", "00:15:00"), ("HanzoSessions__MaxSessions", "1"));
        using var ada = await sample.SignedInAsync("ada");

        var answer = await ada.GetAsync("/api/account/sessions");

        var session = answer.Items.Single();
        Assert.That(
            session.GetProperty("activeUntil").GetDateTime() - session.GetProperty("lastActiveAt").GetDateTime(),
            Is.EqualTo(TimeSpan.FromMinutes(15)));
        Assert.That(answer.Json.GetProperty("quota").GetRawText(), Is.EqualTo("""{"used":1,"max":1}"""));
    }

    [Test, Description("HTTP the shortest program: sign in, list, end")]
    public async Task QuickStart_signs_in_lists_and_ends()
    {
        await using var sample = await SampleProcess.StartAsync("QuickStart");
        var (laptop, phone) = (sample.Visitor(), sample.Visitor());
        Assert.That((await laptop.GetAsync("/")).Status, Is.EqualTo(401));

        Assert.That((await laptop.PostAsync("/login?name=ada")).Location, Is.EqualTo("/"));
        Assert.That((await phone.PostAsync("/login?name=ada")).Location, Is.EqualTo("/"));
        var items = (await laptop.GetAsync("/api/account/sessions")).Items;
        var other = items.Single(item => !item.GetProperty("isCurrent").GetBoolean()).GetProperty("id").GetString();

        Assert.That((await laptop.GetAsync("/")).Body, Does.Match(@"\AHello ada, session [0-9a-f]{32}\n\z"));
        Assert.That((await laptop.DeleteAsync($"/api/account/sessions/{other}")).Status, Is.EqualTo(204));
        Assert.That((await phone.GetAsync("/")).Status, Is.EqualTo(401));
        Assert.That((await laptop.PostAsync("/logout")).Status, Is.EqualTo(200));
        Assert.That((await laptop.GetAsync("/")).Status, Is.EqualTo(401));
    }

    [Test, Description("C2 HTTP what a newcomer tries first")]
    public async Task QuickStart_has_an_administrator_and_refuses_strangers_and_the_eleventh_sign_in()
    {
        await using var sample = await SampleProcess.StartAsync("QuickStart");
        var (ada, ben) = (sample.Visitor(), sample.Visitor());

        Assert.That((await ada.GetAsync("/login")).Body, Does.Contain("I am ada"));
        Assert.That((await ada.PostAsync("/login?name=")).Status, Is.EqualTo(401));
        Assert.That((await ada.PostAsync("/login?name=eve")).Status, Is.EqualTo(401));
        await ada.PostAsync("/login?name=ada");
        await ben.PostAsync("/login?name=ben");
        Assert.That((await ada.GetAsync("/admin/sessions")).Status, Is.EqualTo(200));
        Assert.That((await ada.GetAsync("/api/admin/sessions")).Items, Has.Count.EqualTo(2));
        Assert.That((await ben.GetAsync("/api/admin/sessions")).Status, Is.EqualTo(403));
        for (var other = 0; other < 9; other++)
        {
            Assert.That((await sample.Visitor().PostAsync("/login?name=ada")).Location, Is.EqualTo("/"));
        }

        var eleventh = await sample.Visitor().PostAsync("/login?name=ada");
        Assert.That(eleventh.Status, Is.EqualTo(409));
        Assert.That(eleventh.Body, Is.EqualTo("default/ada has 10 active sessions, and the limit is 10."));
    }
}
