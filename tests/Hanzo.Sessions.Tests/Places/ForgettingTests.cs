namespace Hanzo.Sessions.Tests;

/// <summary>U7: a user of whom nothing is kept.</summary>
public sealed class ForgettingTests
{
    [Test, Description("U7 sessions end and history goes at once")]
    public async Task Forgetting_a_user_ends_the_sessions_and_removes_the_history()
    {
        var it = new Harness();
        var ended = await it.SignIn();
        await it.Manager.SignOutAsync(ended.Session);
        var active = await it.SignIn();
        var bens = await it.SignIn(Ben);

        var answer = await it.Manager.ForgetAsync(Ada, SessionActor.Service("privacy"));

        Assert.That(Harness.Ids(answer), Is.EqualTo(new[] { active.Session.Id }));
        Assert.That(answer[0].End, Is.EqualTo(new SessionEnd(it.Now, SessionEndReason.UserDeleted, SessionActor.Service("privacy"))));
        Assert.That((await it.Manager.ListHistoryAsync(Harness.All())).Items, Is.Empty);
        Assert.That(await it.ActiveIds(), Is.Empty);
        Assert.That(await it.StatusOf(active), Is.EqualTo(SessionStatus.Unknown));
        Assert.That(await it.StatusOf(ended), Is.EqualTo(SessionStatus.Unknown));
        Assert.That(await it.StatusOf(bens), Is.EqualTo(SessionStatus.Active));
        Assert.That(it.Observed.Ended.Select(end => end.End.Reason), Is.EqualTo(new[] { SessionEndReason.SignedOut, SessionEndReason.UserDeleted }));
        Assert.That(it.Log.Lines.Single(line => line.Id.Id == 17).Everything, Does.Not.Contain("ada"));
    }

    [TestCase(false, Description = "U7 an old cookie is not accepted again")]
    [TestCase(true, Description = "U7 nor after the session's token was rotated")]
    public async Task The_old_sign_in_of_a_forgotten_user_is_not_adopted_again_until_it_is_over(bool rotated)
    {
        var it = new Harness();
        var token = SessionToken.Derive("the text of an old cookie"u8);
        var until = it.Now.AddDays(2);
        var sign = new NewSession { User = Ada };
        await it.Manager.AdoptAsync(sign, token, until);
        if (rotated)
        {
            await it.Manager.RotateAsync(token.Reveal());
        }

        await it.Manager.ForgetAsync(Ada, SessionActor.Service("privacy"));
        Assert.That(await it.Manager.AdoptAsync(sign, token, until), Is.False);
        Assert.That((await it.Manager.ValidateAsync(token.Reveal())).Status, Is.EqualTo(SessionStatus.Unknown));

        it.Clock.Advance(TimeSpan.FromDays(2));
        await it.Manager.CleanUpAsync();
        Assert.That(await it.Manager.AdoptAsync(sign, token, until), Is.False, "an hour longer, as the history");

        it.Clock.Advance(TimeSpan.FromHours(1));
        await it.Manager.CleanUpAsync();
        Assert.That(await it.Manager.AdoptAsync(sign, token, it.Now.AddDays(1)), Is.True);
    }

    [Test, Description("U7 a forgotten user can sign in as a new one")]
    public async Task A_forgotten_user_can_sign_in_again()
    {
        var it = new Harness();
        await it.SignIn(times: 10);
        await it.Manager.ForgetAsync(Ada, SessionActor.Of(Ada));

        var issued = await it.SignIn();

        Assert.That(await it.ActiveIds(), Is.EqualTo(new[] { issued.Session.Id }));
    }
}
