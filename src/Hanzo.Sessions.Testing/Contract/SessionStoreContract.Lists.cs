using System.Net;
using NUnit.Framework;

namespace Hanzo.Sessions.Testing;

public abstract partial class SessionStoreContract
{
    [Test, Description("L1 V2")]
    public async Task Only_active_sessions_are_listed_and_counted()
    {
        var active = await AddAsync(TestSessions.Of(Alice).At(Minute(0.5)));
        var timedOut = await AddAsync(TestSessions.Of(Alice));
        var ended = await AddAsync(TestSessions.Of(Alice).At(Minute(1)));
        await EndAsync(ended, SignedOut(Minute(2)));
        var until = timedOut.Session.ActiveUntil;

        Assert.That(await ActiveAsync(until - Millisecond), Is.EqualTo(Ids([timedOut, active])));
        Assert.That(await ActiveAsync(until), Is.EqualTo(Ids([active])));
        Assert.That(await Store.CountAsync(Listing(), until - Millisecond, 100), Is.EqualTo(2));
        Assert.That(await Store.CountAsync(Listing(), until, 100), Is.EqualTo(1));
        Assert.That(await Store.CountAsync(Listing(view: SessionView.Records), until, 100), Is.EqualTo(1));
    }

    [Test, Description("L5")]
    public async Task History_shows_all_sessions_that_are_over()
    {
        await AddAsync(TestSessions.Of(Alice).At(Minute(30)));
        var ended = await AddAsync(TestSessions.Of(Alice).At(Minute(30)).Carrying(1));
        var expired = await AddAsync(TestSessions.Of(Alice).Carrying(1));
        var timedOut = await AddAsync(TestSessions.Of(Alice).Lasting(TimeSpan.FromMinutes(50), TimeSpan.FromHours(5)).Carrying(1));
        var end = await EndAsync(ended, SignedOut(Minute(40)));
        await Store.ExpireAsync(expired.Session.Id, Minute(60));
        var history = await Store.ListAsync(Listing(view: SessionView.History, sort: SessionSort.Ended), Minute(60));

        Assert.That(Ids(history), Is.EqualTo(Ids([ended, timedOut, expired])));
        Assert.That(history.Select(session => session.ActiveUntil), Is.EqualTo(new[] { Minute(40), Minute(50), Minute(60) }));
        Assert.That(history[0].End, Is.EqualTo(end.End));
        Assert.That(history.Select(session => session.Payload.IsEmpty), Is.All.True);
        Assert.That(await Store.CountAsync(Listing(view: SessionView.History), Minute(60), 100), Is.EqualTo(3));
    }

    [Test, Description("L2")]
    public async Task A_row_is_the_session_without_its_payload()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1").Carrying(1, 2));
        var rows = await Store.ListAsync(Listing(), Minute(1));

        AssertSame(rows.Single(), WithoutPayload(creation.Session));
    }

    [Test, Description("L2")]
    public async Task A_record_groups_the_active_sessions_of_a_user_in_an_application()
    {
        var first = await AddAsync(TestSessions.Of(Alice).At(Minute(2)).Carrying(1));
        var second = await AddAsync(TestSessions.Of(Alice).At(Minute(1)).Carrying(1));
        var mail = await AddAsync(TestSessions.Of(Alice).In("mail").At(Minute(3)));
        var elsewhere = await AddAsync(TestSessions.Of(AliceElsewhere).At(Minute(3)));
        var ended = await AddAsync(TestSessions.Of(Alice).At(Minute(4)));
        await AddAsync(TestSessions.Of(Bob).Lasting(TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)));
        await EndAsync(ended, SignedOut(Minute(5)));
        await Store.TouchAsync(second.Session.TouchAt(Minute(9)));
        var records = await Store.ListRecordsAsync(Listing(view: SessionView.Records), Minute(10));

        Assert.That(
            records.Select(record => (record.User, record.Application)),
            Is.EqualTo(new[] { (Alice, "mail"), (Alice, "shop"), (AliceElsewhere, "shop") }));
        Assert.That(
            records.Select(record => Ids(record.Sessions)),
            Is.EqualTo(new[] { Ids([mail]), Ids([first, second]), Ids([elsewhere]) }),
            "the sessions of a record, newest first");
        Assert.That((records[1].CreatedAt, records[1].LastActiveAt), Is.EqualTo((Minute(1), Minute(9))));
        AssertSame(records[1].Sessions[1], second.Session with { LastActiveAt = Minute(9), Payload = default });
    }

    [Test, Description("L2")]
    public async Task The_sessions_of_a_record_are_newest_first_and_ties_go_by_id()
    {
        await AddAsync(OddIds.Select(id => TestSessions.Of(Alice).WithId(id)));
        var records = await Store.ListRecordsAsync(Listing(view: SessionView.Records), Minute(1));

        Assert.That(Ids(records.Single().Sessions), Is.EqualTo(OddIds.OrderDescending()));
    }

    [Test, Description("L3 L4")]
    public async Task A_list_shows_what_its_filter_selects()
    {
        var crowd = await AddAsync([.. TerminationCrowd("acme"), .. TerminationCrowd("acme2")]);
        var acme = new SessionFilter { Scope = SessionScope.Of("acme") };
        SessionFilter[] filters =
        [
            acme,
            new() { Scope = SessionScope.AllOrganizations, User = "alice" },
            acme with { Id = crowd[2].Session.Id },
            acme with { Except = crowd[2].Session.Id },
            acme with { User = "alice" },
            acme with { Application = "mail" },
            acme with { User = "bob", Application = "shop", IpAddress = IPAddress.Parse("192.0.2.10") },
            acme with { IpAddress = IPAddress.Parse("192.0.2.1") },
            acme with { UserPrefix = "al" },
            acme with { UserPrefix = "alice" },
            acme with { Contains = new(SessionTextColumn.User, "b") },
            acme with { Contains = new(SessionTextColumn.Application, "ho") },
            new() { Scope = SessionScope.AllOrganizations, Contains = new(SessionTextColumn.Organization, "e2") },
            acme with { CreatedBefore = Minute(2) },
            acme with { LastActiveBefore = Minute(12) },
        ];
        foreach (var filter in filters)
        {
            var expected = crowd.Where(it => filter.Matches(it.Session)).ToList();
            Assert.That(expected, Has.Count.InRange(1, crowd.Length - 1), "the fact needs sessions inside and outside the filter");
            Assert.That(await ActiveAsync(Minute(20), filter), Is.EquivalentTo(Ids(expected)), filter.ToString());
            Assert.That(await Store.CountAsync(Listing(filter), Minute(20), 100), Is.EqualTo(expected.Count), filter.ToString());
            var records = await Store.ListRecordsAsync(Listing(filter, SessionView.Records), Minute(20));
            Assert.That(records.SelectMany(record => Ids(record.Sessions)), Is.EquivalentTo(Ids(expected)), filter.ToString());
            Assert.That(await Store.CountAsync(Listing(filter, SessionView.Records), Minute(20), 100), Is.EqualTo(records.Count), filter.ToString());
        }
    }

    [Test, Description("L5 L4")]
    public async Task History_shows_what_its_filter_selects()
    {
        var crowd = await AddAsync([.. TerminationCrowd("acme"), .. TerminationCrowd("acme2")]);
        await Store.TerminateAsync(Everything with { Application = "mail" }, SignedOut(Minute(20)));
        var acme = new SessionFilter { Scope = SessionScope.Of("acme") };
        SessionFilter[] filters =
        [
            acme, acme with { User = "alice" }, acme with { Application = "shop" }, acme with { IpAddress = IPAddress.Parse("192.0.2.1") },
            acme with { UserPrefix = "al" }, acme with { Id = crowd[2].Session.Id }, acme with { Contains = new(SessionTextColumn.User, "li") },
        ];
        foreach (var filter in filters)
        {
            var expected = crowd.Where(it => filter.Matches(it.Session)).ToList();
            var query = Listing(filter, SessionView.History);
            Assert.That(Ids(await Store.ListAsync(query, Minute(200))), Is.EquivalentTo(Ids(expected)), filter.ToString());
            Assert.That(await Store.CountAsync(query, Minute(200), 100), Is.EqualTo(expected.Count), filter.ToString());
        }
    }

    [Test, Description("L3")]
    public async Task A_prefix_and_a_part_are_literal()
    {
        string[] names = ["a%b", "a_b", "a\\b", "a*b", "a?b", "a[b]", "a'b", "a\"b", "axb", "AXB", "a\uD7FFb", "a\uFFFFb", "a\U0010FFFFb", "a~b", "ab"];
        await AddAsync(names.Select(name => TestSessions.Of(new SessionUser("acme", name))));

        foreach (var part in names.Select(name => name[..^1]).Append("a").Append("ax").Append("a%").Append("a\\_"))
        {
            var byPrefix = Everything with { UserPrefix = part };
            var byPart = Everything with { Contains = new(SessionTextColumn.User, part[1..] is { Length: > 0 } rest ? rest : part) };
            Assert.That(await NamesAsync(byPrefix), Is.EquivalentTo(names.Where(name => name.StartsWith(part, StringComparison.Ordinal))), part);
            Assert.That(await NamesAsync(byPart), Is.EquivalentTo(names.Where(name => name.Contains(byPart.Contains!.Text, StringComparison.Ordinal))), part);
        }
    }

    [Test, Description("L3")]
    public async Task A_count_goes_no_further_than_its_maximum_and_minds_no_position()
    {
        var crowd = await AddAsync(TerminationCrowd("acme"));
        var query = Listing(limit: 2) with { Offset = 3, After = SessionCursor.Of(crowd[^1].Session, Listing()) };

        Assert.That(await Store.CountAsync(query, Minute(20), long.MaxValue), Is.EqualTo(6));
        Assert.That(await Store.CountAsync(query, Minute(20), 6), Is.EqualTo(6));
        Assert.That(await Store.CountAsync(query, Minute(20), 5), Is.EqualTo(5));
        Assert.That(await Store.CountAsync(Listing(view: SessionView.Records), Minute(20), 3), Is.EqualTo(3));
        Assert.That(await Store.CountAsync(Listing(view: SessionView.Records), Minute(20), 10), Is.EqualTo(4));
        Assert.That(await Store.CountAsync(Listing(view: SessionView.History), Minute(200), 1), Is.EqualTo(1));
        Assert.That(await Store.CountAsync(Listing(SessionFilter.Of(AliceElsewhere)), Minute(20), 10), Is.Zero);
    }

    [Test]
    public async Task An_empty_store_lists_nothing()
    {
        Assert.That(await Store.ListAsync(Listing(), Start), Is.Empty);
        Assert.That(await Store.ListAsync(Listing(view: SessionView.History), Start), Is.Empty);
        Assert.That(await Store.ListRecordsAsync(Listing(view: SessionView.Records), Start), Is.Empty);
        Assert.That(await Store.CountAsync(Listing(), Start, 10), Is.Zero);
        Assert.That(await Store.ListIpSpreadAsync(SessionScope.AllOrganizations, 2, 50, 0, Start), Is.Empty);
        Assert.That(await Store.ExpireBatchAsync(Start, 10), Is.Empty);
        Assert.That(await Store.PurgeAsync(Start, Start, 10), Is.Zero);
        Assert.That((await Store.TerminateAsync(Everything, SignedOut(Start), SessionId.New(Start))).Ended, Is.Empty);
    }

    private async Task<string[]> NamesAsync(SessionFilter filter) =>
        [.. (await Store.ListAsync(Listing(filter), Minute(1))).Select(session => session.User.Name)];
}
