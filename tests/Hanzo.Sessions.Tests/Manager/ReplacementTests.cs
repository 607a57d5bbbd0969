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

    [Test, Description("C5 whoever it belongs to")]
    public async Task A_session_of_somebody_else_is_replaced_by_whoever_signs_in_over_it()
    {
        var it = new Harness();
        var adas = await it.SignIn(Ada);

        var bens = await it.SignIn(Ben, over: adas.Token.Reveal());

        Assert.That(await it.StatusOf(adas), Is.EqualTo(SessionStatus.Terminated));
        Assert.That((await it.EndOf(adas))!.By, Is.EqualTo(SessionActor.Of(Ben)));
        Assert.That((await it.Validate(bens)).Session!.User, Is.EqualTo(Ben));
    }

    [Test, Description("C5 needs no free slot if it counts towards the same limit")]
    public async Task A_full_user_can_sign_in_over_one_of_the_own_sessions()
    {
        var it = new Harness();
        var issued = await it.SignIn(10);

        var fresh = await it.SignIn(over: issued[4].Token.Reveal());

        Assert.That(Ids(fresh.Ended), Is.EqualTo(Ids([issued[4]])));
        Assert.That(await it.ActiveIds(), Has.Count.EqualTo(10));
    }

    [Test, Description("C5 with eviction nobody else has to go")]
    public async Task Where_the_oldest_ends_at_the_limit_a_replaced_session_makes_room_enough()
    {
        var it = new Harness(options => (options.MaxSessions, options.AtLimit) = (2, SessionLimitAction.EndOldest));
        var oldest = await it.SignIn();
        it.Clock.Advance(Ms);
        var presented = await it.SignIn();

        var fresh = await it.SignIn(over: presented.Token.Reveal());

        Assert.That(Ids(fresh.Ended), Is.EqualTo(Ids([presented])));
        Assert.That(await it.StatusOf(oldest), Is.EqualTo(SessionStatus.Active));
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

    [Test, Description("C5 a session of another application frees no place where the limit is per application")]
    public async Task A_session_that_does_not_count_frees_no_place()
    {
        var it = new Harness(options => (options.MaxSessions, options.LimitScope) = (1, SessionLimitScope.UserAndApplication));
        await it.SignIn(application: "a");
        var elsewhere = await it.SignIn(application: "b");

        await Assert.ThrowsAsync<SessionLimitExceededException>(() => it.SignIn(application: "a", over: elsewhere.Token.Reveal()));

        Assert.That(await it.StatusOf(elsewhere), Is.EqualTo(SessionStatus.Active));
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

    [Test, Description("C5, T9 an ended session keeps its first reason")]
    public async Task A_session_that_had_ended_is_not_replaced()
    {
        var it = new Harness();
        var old = await it.SignIn();
        await it.Manager.SignOutAsync(old.Session);

        var fresh = await it.SignIn(over: old.Token.Reveal());

        Assert.That(fresh.Ended, Is.Empty);
        Assert.That((await it.EndOf(old))!.Reason, Is.EqualTo(SessionEndReason.SignedOut));
    }

    [Test, Description("C5 of parallel sign-ins over one session one replaces it")]
    [Repeat(20)]
    public async Task Of_parallel_sign_ins_over_one_session_exactly_one_replaces_it()
    {
        var it = new Harness();
        var old = await it.SignIn();

        var fresh = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
            () => it.SignIn(i % 2 == 0 ? Ada : Ben, over: old.Token.Reveal()))));

        Assert.That(fresh.SelectMany(issued => issued.Ended), Has.Exactly(1).Items);
        Assert.That(it.Observed.Ended, Has.Count.EqualTo(1));
    }
}
