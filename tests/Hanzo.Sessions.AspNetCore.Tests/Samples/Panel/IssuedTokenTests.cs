namespace Hanzo.Sessions.AspNetCore.Tests.Samples.Panel;

public sealed class IssuedTokenTests
{
    [Test, Description("HTTP a program signs in without a cookie, and is signed out as any other")]
    public async Task A_program_gets_a_token_and_uses_it()
    {
        var program = PanelProcess.Sample.Visitor();

        var answer = await program.PostFormAsync("/api/token", "ben", SampleProcess.Password);

        Assert.That((answer.Status, answer.SetCookies.Count, answer.Header("Cache-Control")), Is.EqualTo((200, 0, "no-store")));
        program.Authorization = $"Bearer {answer.Json.GetProperty("token").GetString()}";
        Assert.That((await program.GetAsync("/api/me")).Json.GetProperty("sessionId").GetString(), Is.EqualTo(answer.Json.GetProperty("sessionId").GetString()));
        Assert.That((await program.SendAsync(HttpMethod.Delete, "/api/account/sessions", [("Sec-Fetch-Site", "cross-site")])).Status, Is.EqualTo(200));
        Assert.That((await program.PostAsync("/logout")).Status, Is.EqualTo(204));
        Assert.That((await program.GetAsync("/api/me")).Status, Is.EqualTo(401));
        Assert.That(PanelProcess.Sample.Output, Does.Not.Contain(program.Authorization["Bearer ".Length..]));
    }

    [Test, Description("C2 C4 the eleventh is 409")]
    public async Task One_token_more_than_the_limit_is_409()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.That((await PanelProcess.Sample.Visitor().PostFormAsync("/api/token", "otheradmin", SampleProcess.Password)).Status, Is.EqualTo(200));
        }

        var refused = await PanelProcess.Sample.Visitor().PostFormAsync("/api/token", "otheradmin", SampleProcess.Password);

        Assert.That((refused.Status, refused.ContentType), Is.EqualTo((409, "application/problem+json")));
        Assert.That(refused.Detail, Does.StartWith("You are signed in 10 times"));
    }

    [Test, Description("P1 a wrong password, an unknown name and text of 1 MB are all 401")]
    public async Task A_wrong_name_or_password_gets_no_token()
    {
        var large = new string('x', 1_000_000);
        foreach (var (user, password) in new[] { ("zoe", "wrong"), ("nobody", SampleProcess.Password), (large, SampleProcess.Password), ("zoe", large), ("", "") })
        {
            var answer = await PanelProcess.Sample.Visitor().PostFormAsync("/api/token", user, password);

            Assert.That((answer.Status, answer.ContentType), Is.EqualTo((401, "application/problem+json")), user.Length < 100 ? user : "large");
            Assert.That(answer.SetCookies, Is.Empty);
        }
    }

    [Test, Description("C5 a page of another site cannot replace the session of a browser")]
    public async Task A_form_of_another_site_gets_no_token()
    {
        var answer = await PanelProcess.Sample.Visitor().PostFormAsync("/api/token", "ben", SampleProcess.Password, headers: ("Sec-Fetch-Site", "cross-site"));

        Assert.That((answer.Status, answer.ContentType), Is.EqualTo((403, "application/problem+json")));
    }
}
