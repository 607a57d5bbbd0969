using NUnit.Framework;

namespace Hanzo.Sessions.Testing;

public abstract partial class SessionStoreContract
{
    [Test, Description("V3")]
    public async Task An_activity_moves_the_last_activity_and_nothing_else()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1").Carrying(1, 2));

        Assert.That((await Store.TouchAsync(creation.Session.TouchAt(Minute(30)))).IsActive, Is.True);
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

        Assert.That((await Store.TouchAsync(late.Session.TouchAt(until))).IsActive, Is.False);
        Assert.That((await Store.TouchAsync(inTime.Session.TouchAt(until - Millisecond))).IsActive, Is.True);
        AssertSame(await StoredAsync(late), late.Session);
        AssertSame(await StoredAsync(inTime), inTime.Session with { LastActiveAt = until - Millisecond });
    }

    [Test, Description("V3")]
    public async Task The_last_activity_never_moves_backwards()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        await Store.TouchAsync(creation.Session.TouchAt(Minute(30)));

        Assert.That((await Store.TouchAsync(creation.Session.TouchAt(Minute(10)))).IsActive, Is.True, "it was active");
        Assert.That((await StoredAsync(creation)).LastActiveAt, Is.EqualTo(Minute(30)));
        Assert.That(await Store.ExpireAsync(creation.Session.Id, Minute(90) - Millisecond), Is.Null);
    }

    [Test, Description("V3 at most once per activity resolution, however many requests come at once")]
    public async Task Of_activities_that_saw_the_same_last_one_the_first_is_written_and_all_are_of_an_active_session()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        foreach (var second in new[] { 0, 1, 59 })
        {
            var at = Minute(30) + TimeSpan.FromSeconds(second);
            var touch = creation.Session.TouchAt(at, ifLastActiveBy: at - TimeSpan.FromMinutes(1));
            Assert.That((await Store.TouchAsync(touch)).IsActive, Is.True);
        }

        Assert.That((await StoredAsync(creation)).LastActiveAt, Is.EqualTo(Minute(30)));
        await Store.TouchAsync(creation.Session.TouchAt(Minute(31), ifLastActiveBy: Minute(30)));
        Assert.That((await StoredAsync(creation)).LastActiveAt, Is.EqualTo(Minute(31)));
    }

    [Test, Description("V3 V4")]
    public async Task An_activity_of_an_unknown_session_creates_none()
    {
        var unknown = TestSessions.Of(Bob);

        Assert.That((await Store.TouchAsync(unknown.Session.TouchAt(Minute(1)))).IsActive, Is.False);
        Assert.That((await Store.FindAsync(unknown.Session.Id)).Session, Is.Null);
    }

    [Test, Description("V4")]
    public async Task An_activity_revives_no_ended_session()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).Carrying(1));
        await EndAsync(creation, SignedOut(Minute(10)));

        foreach (var minute in new[] { 5, 10, 20, 59 })
        {
            Assert.That(await Store.TouchAsync(creation.Session.TouchAt(Minute(minute))), Is.EqualTo(new SessionTouchResult(IsActive: false)));
        }

        AssertSame(await StoredAsync(creation), creation.Session with { End = SignedOut(Minute(10)), Payload = default });
        Assert.That(await ActiveAsync(Minute(20)), Is.Empty);
    }

    [Test, Description("V2")]
    public async Task No_activity_moves_the_expiry()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).Lasting(TimeSpan.FromHours(1), TimeSpan.FromMinutes(90)));
        await Store.TouchAsync(creation.Session.TouchAt(Minute(50)));

        Assert.That((await StoredAsync(creation)).ExpiresAt, Is.EqualTo(Minute(90)));
        Assert.That(await ActiveAsync(Minute(90) - Millisecond), Is.EqualTo(Ids([creation])));
        Assert.That(await ActiveAsync(Minute(90)), Is.Empty);
        Assert.That((await Store.ExpireAsync(creation.Session.Id, Minute(90)))?.End.Reason, Is.EqualTo(SessionEndReason.Expired));
    }
}
