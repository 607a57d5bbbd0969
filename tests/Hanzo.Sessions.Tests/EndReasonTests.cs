namespace Hanzo.Sessions.Tests;

public sealed class EndReasonTests
{
    [Test, Description("T9 the numbers that stores keep")]
    public void The_reasons_have_the_numbers_that_stores_keep() =>
        Assert.That(
            Enum.GetValues<SessionEndReason>().Select(reason => $"{(int)reason} {reason}"),
            Is.EqualTo(new[]
            {
                "1 SignedOut", "2 TerminatedByUser", "3 TerminatedByAdmin", "4 Evicted", "5 Replaced",
                "6 IdleTimeout", "7 Expired", "8 PasswordChanged", "9 UserDisabled", "10 UserDeleted",
                "11 Moved", "15 NotDelivered",
            }));

    [Test, Description("T9 by the user")]
    public async Task A_session_that_its_user_ended_from_another_says_so()
    {
        var it = new Harness();
        var current = await it.SignIn();
        var other = await it.SignIn();

        await it.Manager.TerminateAsync(Ada, App, other.Session.Id, Using(current));

        Assert.That(await it.EndOf(other), Is.EqualTo(new SessionEnd(it.Now, SessionEndReason.TerminatedByUser, SessionActor.Of(Ada))));
    }

    [Test, Description("T9 by somebody else")]
    public async Task A_session_that_somebody_else_ended_says_so()
    {
        var it = new Harness();
        var bens = await it.SignIn(Ben);
        var first = await it.SignIn();
        var second = await it.SignIn();

        await it.Manager.TerminateAsync(Scope, first.Session.Id, Using(bens));
        await it.Manager.TerminateAllAsync(Ada, Service);

        Assert.That(await it.EndOf(first), Is.EqualTo(new SessionEnd(it.Now, SessionEndReason.TerminatedByAdmin, SessionActor.Of(Ben))));
        Assert.That(await it.EndOf(second), Is.EqualTo(new SessionEnd(it.Now, SessionEndReason.TerminatedByAdmin, SessionActor.Service("nightly"))));
    }

    [Test, Description("T9 a service cannot pass for a user")]
    public void A_service_of_a_users_name_is_not_the_user()
    {
        Assert.That(SessionActor.Service("hanzo/ada").Is(Ada), Is.False);
        Assert.That(SessionActor.Service("hanzo/ada").ToString(), Is.EqualTo("service:hanzo/ada"));
        Assert.That(SessionActor.Of(Ada).ToString(), Is.EqualTo("user:hanzo/ada"));
    }

    [TestCase("user:hanzo/ada", Description = "T9 an actor comes back from a store")]
    [TestCase("service:nightly job", Description = "T9 an actor comes back from a store")]
    public void An_actor_is_read_as_it_was_written(string text) =>
        Assert.That(SessionActor.Parse(text).ToString(), Is.EqualTo(text));

    [TestCase("", Description = "T9 no actor")]
    [TestCase("hanzo/ada", Description = "T9 no actor")]
    [TestCase("User:hanzo/ada", Description = "T9 no actor")]
    public void Other_text_is_no_actor(string text) =>
        Assert.Throws<FormatException>(() => SessionActor.Parse(text));

    [Test, Description("T9 exactly one reason, whoever races")]
    [Repeat(20)]
    public async Task Of_racing_ends_exactly_one_is_kept_and_announced()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        var id = issued.Session.Id;

        await Task.WhenAll(
            Task.Run(() => it.Manager.SignOutAsync(issued.Session)),
            Task.Run(() => it.Manager.TerminateAsync(Scope, id, Service)),
            Task.Run(() => it.Manager.TerminateUserAsync(Ada, SessionEndReason.UserDisabled, SessionActor.Of(Ben))),
            Task.Run(() => it.SignIn(Ben, over: issued.Token.Reveal())));

        Assert.That(it.Observed.Ended.Select(ended => ended.End), Is.EqualTo(new[] { await it.EndOf(issued) }));
        Assert.That((await it.Manager.ListHistoryAsync(All())).Items, Has.Count.EqualTo(1));
    }
}
