namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>The samples on stores that last: a killed server, and two servers.</summary>
public sealed class LastingSampleTests
{
    [Test, Description("T8 an acknowledged end is durable, and so is a sign-in")]
    public async Task AdminPanel_on_SQLite_is_killed_and_started_again_and_no_session_is_lost_or_revived()
    {
        var folder = Directory.CreateTempSubdirectory("hanzo-sessions-killed-");
        (string, string)[] settings =
        [
            ("SessionStore", "sqlite"),
            ("ConnectionStrings__Sessions", $"Data Source={Path.Combine(folder.FullName, "sessions.db")}"),
            ("ConnectionStrings__Users", $"Data Source={Path.Combine(folder.FullName, "users.db")}"),
        ];
        List<string> cookies = [];
        await using (var sample = await SampleProcess.StartAsync("AdminPanel", "Development", settings))
        {
            for (var i = 0; i < 5; i++)
            {
                using var visitor = sample.Visitor();
                cookies.Add((await visitor.PostFormAsync("/login", "ada", SampleProcess.Password)).SetCookies.Single().Split(';')[0]);
            }

            using var ada = sample.Visitor();
            ada.RawCookie = cookies[0];
            var other = (await ada.GetAsync("/api/account/sessions")).Items.First(it => !it.GetProperty("isCurrent").GetBoolean());
            Assert.That((await ada.DeleteAsync($"/api/account/sessions/{other.GetProperty("id").GetString()}")).Status, Is.EqualTo(204));
        }

        // Disposing kills the process at once (SIGKILL).
        await using (var again = await SampleProcess.StartAsync("AdminPanel", "Development", settings))
        {
            List<int> answers = [];
            foreach (var cookie in cookies)
            {
                using var visitor = again.Visitor();
                visitor.RawCookie = cookie;
                answers.Add((await visitor.GetAsync("/api/me")).Status);
            }

            // The newest of the others was ended: the last that signed in.
            Assert.That(answers, Is.EqualTo(new[] { 200, 200, 200, 200, 401 }));
        }

        folder.Delete(recursive: true);
    }

    [Test, Description("V4 termination is immediate on every server that shares the store")]
    public async Task What_is_ended_at_one_of_two_servers_is_ended_at_the_other()
    {
        var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var here = await SampleProcess.StartAsync("TwoServers", "Development", ("ConnectionStrings__Sessions", database));
        await using var there = await SampleProcess.StartAsync("TwoServers", "Development", ("ConnectionStrings__Sessions", database));
        using var laptop = here.Visitor();
        using var phone = there.Visitor();
        using var laptopThere = there.Visitor();
        await laptop.PostAsync("/login?name=ada");
        await phone.PostAsync("/login?name=ada");
        laptopThere.RawCookie = string.Join("; ", laptop.Jar.Select(it => $"{it.Key}={it.Value}"));
        var home = await laptopThere.GetAsync("/");
        Assert.That((home.Status, home.Header("Cache-Control")), Is.EqualTo((200, "no-store")), "signed in here, known there");

        var other = (await phone.GetAsync("/api/account/sessions")).Items.Single(it => !it.GetProperty("isCurrent").GetBoolean());
        Assert.That((await phone.DeleteAsync($"/api/account/sessions/{other.GetProperty("id").GetString()}")).Status, Is.EqualTo(204));

        Assert.That((await laptop.GetAsync("/")).Status, Is.EqualTo(401));
        Assert.That((await laptopThere.GetAsync("/")).Status, Is.EqualTo(401));
        Assert.That((await phone.GetAsync("/")).Status, Is.EqualTo(200));
    }

    [Test, Description("C2 C4 the limit holds over both servers, and its refusal is an answer")]
    public async Task The_eleventh_sign_in_at_one_of_two_servers_is_refused_with_409()
    {
        var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var here = await SampleProcess.StartAsync("TwoServers", "Development", ("ConnectionStrings__Sessions", database));
        await using var there = await SampleProcess.StartAsync("TwoServers", "Development", ("ConnectionStrings__Sessions", database));
        List<int> answers = [];
        for (var i = 0; i < 11; i++)
        {
            using var visitor = (i % 2 == 0 ? here : there).Visitor();
            answers.Add((await visitor.PostAsync("/login?name=ada")).Status);
        }

        Assert.That(answers, Is.EqualTo([.. Enumerable.Repeat(200, 10), 409]));
    }
}
