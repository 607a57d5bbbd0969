namespace Hanzo.Sessions.Tests;

public sealed class ListTests
{
    [TestCase(3_599_999, 1, Description = "L1 active until the last millisecond")]
    [TestCase(3_600_000, 0, Description = "L1 not a timed-out one that is still stored")]
    public async Task Only_active_sessions_are_listed_and_counted(int milliseconds, int expected)
    {
        var it = new Harness();
        await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        var sessions = await it.Manager.ListAsync(All());
        var records = await it.Manager.ListRecordsAsync(All());
        var quota = await it.Manager.GetQuotaAsync(Ada, App);

        Assert.That((sessions.Items.Count, sessions.Total), Is.EqualTo((expected, (long?)expected)));
        Assert.That((records.Items.Count, records.Total), Is.EqualTo((expected, (long?)expected)));
        Assert.That(quota.Used, Is.EqualTo(expected));
    }

    [Test, Description("L2 one row per session, without payload")]
    public async Task The_session_view_has_a_row_per_session_without_payload()
    {
        var it = new Harness();
        var issued = await it.Manager.CreateAsync(new NewSession { User = Ada, Payload = new byte[] { 1 } });

        Assert.That((await it.Manager.ListAsync(All())).Items, Is.EqualTo(new[] { issued.Session with { Payload = default } }));
        Assert.That((await it.Manager.FindAsync(Scope, issued.Session.Id))!.Payload.IsEmpty);
    }

    [Test, Description("L3 sessions default to newest first, L2 records to the order of users")]
    public async Task Sessions_are_listed_newest_first_and_records_by_user()
    {
        var it = new Harness();
        var first = await it.SignIn(Ada);
        it.Clock.Advance(Ms);
        var second = await it.SignIn(Ben);

        Assert.That(Ids(await it.Manager.ListAsync(All())), Is.EqualTo(Ids([second, first])));
        Assert.That((await it.Manager.ListRecordsAsync(All())).Items.Select(record => record.User), Is.EqualTo(new[] { Ada, Ben }));
    }

    [Test, Description("L4 the scope")]
    public async Task A_list_shows_one_organization_or_explicitly_all()
    {
        var it = new Harness();
        var adas = await it.SignIn(Ada);
        var zoes = await it.SignIn(Zoe);

        Assert.That(Ids(await it.Manager.ListAsync(All())), Is.EqualTo(Ids([adas])));
        Assert.That(Ids(await it.Manager.ListAsync(All(SessionScope.AllOrganizations))), Is.EquivalentTo(Ids([adas, zoes])));
        Assert.That((await it.Manager.ListRecordsAsync(All())).Items, Has.Count.EqualTo(1));
    }

    [Test, Description("L4 out of scope looks like not found")]
    public async Task A_session_out_of_scope_is_not_found()
    {
        var it = new Harness();
        var zoes = await it.SignIn(Zoe);

        Assert.That(await it.Manager.FindAsync(Scope, zoes.Session.Id), Is.Null);
        Assert.That(await it.Manager.FindAsync(SessionScope.Of("other"), zoes.Session.Id), Is.Not.Null);
        Assert.That(await it.Manager.FindAsync(Scope, SessionId.New(it.Now)), Is.Null);
    }

    [Test, Description("L5 why was this session ended?")]
    public async Task By_id_a_session_says_why_when_and_by_whom_it_ended()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        Assert.That((await it.Manager.FindAsync(Scope, issued.Session.Id))!.End, Is.Null);
        await it.Manager.TerminateAsync(Scope, issued.Session.Id, Service);

        Assert.That(
            (await it.Manager.FindAsync(Scope, issued.Session.Id))!.End,
            Is.EqualTo(new SessionEnd(it.Now, SessionEndReason.TerminatedByAdmin, SessionActor.Service("nightly"))));
    }

    [Test, Description("L5 history of a user or an organization, latest end first")]
    public async Task History_lists_the_ended_sessions_of_a_user_or_an_organization_latest_end_first()
    {
        var it = new Harness();
        var adas = await it.SignIn(Ada);
        var bens = await it.SignIn(Ben);
        var zoes = await it.SignIn(Zoe);
        var active = await it.SignIn(Ada);
        foreach (var issued in new[] { bens, adas, zoes })
        {
            it.Clock.Advance(Ms);
            await it.Manager.SignOutAsync(issued.Session);
        }

        Assert.That(Ids(await it.Manager.ListHistoryAsync(All())), Is.EqualTo(Ids([adas, bens])));
        Assert.That(
            Ids(await it.Manager.ListHistoryAsync(new SessionQuery { Filter = SessionFilter.Of(Ada) })), Is.EqualTo(Ids([adas])));
        Assert.That(Ids(await it.Manager.ListAsync(All())), Is.EqualTo(Ids([active])));
    }
}
