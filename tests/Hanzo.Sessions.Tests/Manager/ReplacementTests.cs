namespace Hanzo.Sessions.Tests;

public sealed class ReplacementTests
{
    [Test, Description("C5 the presented session ends as Replaced")]
    public async Task Signing_in_over_a_live_session_ends_it()
    {
        var it = new Harness();
        var old = await it.SignIn();

        var fresh = await it.SignIn(over: old.Token.Reveal());

        Assert.That(await it.StatusOf(old), Is.EqualTo(SessionStatus.Terminated));
        Assert.That(await it.EndOf(old), Is.EqualTo(new SessionEnd(it.Now, SessionEndReason.Replaced, SessionActor.Of(Ada))));
        Assert.That(Ids(fresh.Ended), Is.EqualTo(Ids([old])));
        Assert.That(Ids(it.Observed.Ended), Is.EqualTo(Ids([old])));
    }

    [Test, Description("C5 a presented token is never adopted")]
    public async Task The_new_session_has_a_fresh_token_and_a_fresh_id()
    {
        var it = new Harness();
        var old = await it.SignIn();

        var fresh = await it.SignIn(over: old.Token.Reveal());

        Assert.That(fresh.Token, Is.Not.EqualTo(old.Token));
        Assert.That(fresh.Session.Id, Is.Not.EqualTo(old.Session.Id));
    }

    [Test, Description("C5 a refused sign-in leaves the presented session")]
    public async Task A_refused_sign_in_leaves_the_presented_session_alone()
    {
        var it = new Harness(options => options.MaxSessions = 1);
        await it.SignIn(Ada);
        var bens = await it.SignIn(Ben);

        await Assert.ThrowsAsync<SessionLimitExceededException>(() => it.SignIn(Ada, over: bens.Token.Reveal()));

        Assert.That(await it.StatusOf(bens), Is.EqualTo(SessionStatus.Active));
        Assert.That(it.Observed.Ended, Is.Empty);
    }

    [TestCase("not a token", Description = "C5 a malformed token is no session")]
    [TestCase("hs1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", Description = "C5 an unknown token is no session")]
    [TestCase("", Description = "C5 no token")]
    public async Task A_token_of_no_session_replaces_nothing_and_is_not_adopted(string presented)
    {
        var it = new Harness();
        var other = await it.SignIn();

        var fresh = await it.SignIn(over: presented);

        Assert.That(fresh.Ended, Is.Empty);
        Assert.That(fresh.Token.Reveal(), Is.Not.EqualTo(presented));
        Assert.That(await it.StatusOf(other), Is.EqualTo(SessionStatus.Active));
    }
}
