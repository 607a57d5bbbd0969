using NUnit.Framework;

namespace Hanzo.Sessions.Testing;

public abstract partial class SessionStoreContract
{
    [Test, Description("V3")]
    public async Task An_activity_moves_the_last_activity_and_nothing_else()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1").Carrying(1, 2));
        var answers = await Store.TouchAsync([creation.Session.TouchAt(Minute(30))]);

        Assert.That(answers, Is.EqualTo(new[] { true }));
        AssertSame(await StoredAsync(creation), creation.Session with { LastActiveAt = Minute(30) });
        Assert.That(await ActiveAsync(Minute(90) - Millisecond), Is.EqualTo(Ids([creation])));
        Assert.That(await ActiveAsync(Minute(90)), Is.Empty);
    }

    [Test, Description("V2 V7")]
    public async Task An_activity_counts_up_to_the_last_millisecond_of_a_session_and_not_after_it()
    {
        var late = await AddAsync(TestSessions.Of(Alice));
        var inTime = await AddAsync(TestSessions.Of(Alice));
        var until = late.Session.ActiveUntil;
        var answers = await Store.TouchAsync([late.Session.TouchAt(until), inTime.Session.TouchAt(until - Millisecond)]);

        Assert.That(answers, Is.EqualTo(new[] { false, true }));
        AssertSame(await StoredAsync(late), late.Session);
        AssertSame(await StoredAsync(inTime), inTime.Session with { LastActiveAt = until - Millisecond });
    }

    [Test, Description("V3")]
    public async Task The_last_activity_never_moves_backwards()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        await Store.TouchAsync([creation.Session.TouchAt(Minute(30))]);
        var answers = await Store.TouchAsync([creation.Session.TouchAt(Minute(10))]);

        Assert.That(answers, Is.EqualTo(new[] { true }), "it was active");
        Assert.That((await StoredAsync(creation)).LastActiveAt, Is.EqualTo(Minute(30)));
        Assert.That(await Store.ExpireAsync(creation.Session.Id, Minute(90) - Millisecond), Is.Null);
    }

    [Test, Description("V3 at most once per activity resolution, however many requests come at once")]
    public async Task Of_activities_that_saw_the_same_last_one_the_first_is_written_and_all_are_of_an_active_session()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        var answers = new List<bool>();
        foreach (var second in new[] { 0, 1, 59 })
        {
            var at = Minute(30) + TimeSpan.FromSeconds(second);
            answers.AddRange(await Store.TouchAsync([creation.Session.TouchAt(at, ifLastActiveBy: at - TimeSpan.FromMinutes(1))]));
        }

        Assert.That(answers, Is.All.True);
        Assert.That((await StoredAsync(creation)).LastActiveAt, Is.EqualTo(Minute(30)));
        await Store.TouchAsync([creation.Session.TouchAt(Minute(31), ifLastActiveBy: Minute(30))]);
        Assert.That((await StoredAsync(creation)).LastActiveAt, Is.EqualTo(Minute(31)));
    }

    [Test, Description("V3")]
    public async Task Every_activity_of_a_list_is_answered_for_itself_and_in_order()
    {
        var active = await AddAsync(TestSessions.Of(Alice).At(Minute(30)));
        var ended = await AddAsync(TestSessions.Of(Alice).At(Minute(30)));
        var timedOut = await AddAsync(TestSessions.Of(Bob));
        var other = await AddAsync(TestSessions.Of(AliceElsewhere).At(Minute(40)));
        var unknown = TestSessions.Of(Bob);
        await EndAsync(ended, SignedOut(Minute(31)));
        var answers = await Store.TouchAsync(
            [.. new[] { unknown, other, ended, active, timedOut }.Select(it => it.Session.TouchAt(Minute(60)))]);

        Assert.That(answers, Is.EqualTo(new[] { false, true, false, true, false }));
        Assert.That(await ActiveAsync(Minute(60)), Is.EquivalentTo(Ids([active, other])));
        Assert.That(await Store.FindAsync(unknown.Session.Id), Is.Null);
        Assert.That(await Store.TouchAsync([]), Is.Empty);
    }

    [Test, Description("V4")]
    public async Task An_activity_revives_no_ended_session()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).Carrying(1));
        await EndAsync(creation, SignedOut(Minute(10)));

        foreach (var minute in new[] { 5, 10, 20, 59 })
        {
            Assert.That(await Store.TouchAsync([creation.Session.TouchAt(Minute(minute))]), Is.EqualTo(new[] { false }));
        }

        AssertSame(await StoredAsync(creation), creation.Session with { End = SignedOut(Minute(10)), Payload = default });
        Assert.That(await ActiveAsync(Minute(20)), Is.Empty);
    }

    [Test, Description("V2")]
    public async Task No_activity_moves_the_expiry()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).Lasting(TimeSpan.FromHours(1), TimeSpan.FromMinutes(90)));
        await Store.TouchAsync([creation.Session.TouchAt(Minute(50))]);

        Assert.That((await StoredAsync(creation)).ExpiresAt, Is.EqualTo(Minute(90)));
        Assert.That(await ActiveAsync(Minute(90) - Millisecond), Is.EqualTo(Ids([creation])));
        Assert.That(await ActiveAsync(Minute(90)), Is.Empty);
        Assert.That((await Store.ExpireAsync(creation.Session.Id, Minute(90)))?.End.Reason, Is.EqualTo(SessionEndReason.Expired));
    }
}
