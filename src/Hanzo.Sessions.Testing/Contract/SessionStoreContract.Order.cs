using NUnit.Framework;

namespace Hanzo.Sessions.Testing;

public abstract partial class SessionStoreContract
{
    private static readonly SessionSort[] SessionSorts =
        [SessionSort.Created, SessionSort.LastActive, SessionSort.Expires, SessionSort.User, SessionSort.Application, SessionSort.IpAddress];

    private static readonly SessionSort[] RecordSorts =
        [SessionSort.User, SessionSort.Application, SessionSort.Created, SessionSort.LastActive, SessionSort.Count, SessionSort.Id];

    [Test, Description("L3")]
    public async Task Sessions_come_in_every_order_and_ties_go_by_id()
    {
        var crowd = await AddAsync(OrderCrowd());
        var rows = crowd.Select(it => it.Session).ToList();

        await AssertOrdersAsync(SessionView.Sessions, SessionSorts, rows, Store.ListAsync, SessionCursor.Of, it => it.Id, Minute(20));
    }

    [Test, Description("L3 L5")]
    public async Task History_comes_in_every_order_and_ties_go_by_id()
    {
        await AddAsync(OrderCrowd());
        await Store.TerminateAsync(Everything with { Application = "mail" }, SignedOut(Minute(20)));
        await Store.TerminateAsync(Everything with { UserPrefix = "a" }, SignedOut(Minute(21)));
        var rows = await Store.ListAsync(Listing(view: SessionView.History), Minute(300));

        Assert.That(rows, Has.Count.EqualTo(OddIds.Length));
        Assert.That(rows.Select(session => session.End is null), Has.Some.True.And.Some.False, "some are ended, some only timed out");
        await AssertOrdersAsync(
            SessionView.History, [.. SessionSorts, SessionSort.Ended], rows, Store.ListAsync, SessionCursor.Of, it => it.Id, Minute(300));
    }

    [Test, Description("L3 L2")]
    public async Task Records_come_in_every_order_and_ties_go_by_organization_user_and_application()
    {
        await AddAsync(OrderCrowd());
        await AddAsync(OrderCrowd().Take(3).Select(it => it.WithId(SessionId.New(Start))));
        var rows = await Store.ListRecordsAsync(Listing(view: SessionView.Records), Minute(20));

        Assert.That(rows, Has.Count.EqualTo(10));
        await AssertOrdersAsync(
            SessionView.Records, RecordSorts, rows, Store.ListRecordsAsync, SessionCursor.Of, it => (it.User, it.Application), Minute(20));
    }

    [Test, Description("L3")]
    public async Task Text_is_ordered_by_code_point()
    {
        string[] ordered = [" ", "A", "B", "Z", "_", "a", "a b", "aB", "ab", "b", "z", "~", "ß", "ä", "İ", "ı", "\uD7FF", "\uE000", "\uFFFD", "\U00010000", "😀", "\U0010FFFF"];
        await AddAsync(ordered.Reverse().Select(name => TestSessions.Of(new SessionUser("acme", name)).In(name)));

        foreach (var sort in new[] { SessionSort.User, SessionSort.Application })
        {
            var sessions = await Store.ListAsync(Listing(sort: sort), Minute(1));
            var records = await Store.ListRecordsAsync(Listing(view: SessionView.Records, sort: sort), Minute(1));
            Assert.That(sessions.Select(session => session.User.Name), Is.EqualTo(ordered), $"sessions by {sort}");
            Assert.That(records.Select(record => record.User.Name), Is.EqualTo(ordered), $"records by {sort}");
        }
    }

    [Test, Description("L3 L2")]
    public async Task Organizations_are_ordered_by_code_point()
    {
        string[] ordered = ["Z", "a", "é", "\uE000", "😀"];
        await AddAsync(ordered.Reverse().Select(name => TestSessions.Of(new SessionUser(name, "alice")).From("192.0.2.1")));
        await AddAsync(ordered.Reverse().Select(name => TestSessions.Of(new SessionUser(name, "alice")).From("192.0.2.2")));
        var records = await Store.ListRecordsAsync(Listing(view: SessionView.Records), Minute(1));
        var spreads = await Store.ListIpSpreadAsync(SessionScope.AllOrganizations, 2, 50, 0, Minute(1));

        Assert.That(records.Select(record => record.User.Organization), Is.EqualTo(ordered));
        Assert.That(spreads.Select(spread => spread.User.Organization), Is.EqualTo(ordered));
    }

    [Test, Description("L3")]
    public async Task An_unknown_address_is_ordered_as_empty_text()
    {
        string?[] ordered = [null, "10.0.0.1", "192.0.2.1", "192.0.2.10", "192.0.2.2", "2001:db8::1"];
        var crowd = await AddAsync(ordered.Select(address => TestSessions.Of(Alice).From(address)));

        Assert.That(Ids(await Store.ListAsync(Listing(sort: SessionSort.IpAddress), Minute(1))), Is.EqualTo(Ids(crowd)));
        Assert.That(
            Ids(await Store.ListAsync(Listing(sort: SessionSort.IpAddress, descending: true), Minute(1))),
            Is.EqualTo(Ids(crowd.Reverse())));
    }

    [Test, Description("L3")]
    public async Task A_page_beyond_the_end_is_empty()
    {
        var crowd = await AddAsync(OrderCrowd().Take(3));
        var last = crowd.MaxBy(it => SessionCursor.Of(it.Session, Listing()))!.Session;

        Assert.That(await Store.ListAsync(Listing() with { Offset = 3 }, Minute(20)), Is.Empty);
        Assert.That(await Store.ListAsync(Listing() with { Offset = SessionQuery.MaxOffset }, Minute(20)), Is.Empty);
        Assert.That(await Store.ListAsync(Listing() with { After = SessionCursor.Of(last, Listing()) }, Minute(20)), Is.Empty);
        Assert.That(await Store.ListRecordsAsync(Listing(view: SessionView.Records) with { Offset = 4 }, Minute(20)), Is.Empty);
        Assert.That(await Store.ListAsync(Listing(view: SessionView.History) with { Offset = 1 }, Minute(20)), Is.Empty);
    }

    [Test, Description("L3")]
    public async Task Paging_by_cursor_misses_and_repeats_nothing_when_rows_come_and_go()
    {
        var crowd = await AddAsync(Enumerable.Range(1, 9).Select(number => TestSessions.Of(Alice).At(Minute(number))));
        var first = await Store.ListAsync(Listing(limit: 4), Minute(20));
        await EndAsync(crowd[3], SignedOut(Minute(20)));
        await AddAsync(TestSessions.Of(Alice).At(Minute(0)));
        var rest = await Store.ListAsync(Listing() with { After = SessionCursor.Of(first[^1], Listing()) }, Minute(20));

        Assert.That(Ids(first.Concat(rest)), Is.EqualTo(Ids(crowd)));
    }

    [Test, Description("L5 L3 a cursor can be made of an instant, to read every end once")]
    public async Task History_from_an_instant_begins_with_what_ended_at_it_and_leaves_out_a_millisecond_before()
    {
        var crowd = await AddAsync(Enumerable.Range(0, 5).Select(_ => TestSessions.Of(Alice)));
        foreach (var (creation, milliseconds) in crowd.Zip([1, 2, 2, 3, 4]))
        {
            await EndAsync(creation, SignedOut(Start + (milliseconds * Millisecond)));
        }

        var query = Listing(view: SessionView.History, sort: SessionSort.Ended, limit: 2);
        var from = SessionCursor.HistoryFrom(Start + (2 * Millisecond));
        var read = await WalkAsync(query with { After = from }, Store.ListAsync, SessionCursor.Of, Minute(20));

        Assert.That(Ids(read), Is.EqualTo(Ids([.. crowd[1..3].OrderBy(it => it.Session.Id), .. crowd[3..]])));
    }

    [Test, Description("L3")]
    public async Task Pages_of_a_filtered_list_hold_selected_rows_only()
    {
        var crowd = await AddAsync(OrderCrowd());
        var filter = Everything with { Application = "mail" };
        var expected = Ids(crowd.Where(it => filter.Matches(it.Session)).OrderBy(it => SessionCursor.Of(it.Session, Listing())));
        var pages = await WalkAsync(Listing(filter, limit: 2), Store.ListAsync, SessionCursor.Of, Minute(20));

        Assert.That(Ids(pages), Is.EqualTo(expected));
        Assert.That(Ids(await Store.ListAsync(Listing(filter, limit: 2) with { Offset = 1 }, Minute(20))), Is.EqualTo(expected[1..3]));
    }

    private delegate Task<IReadOnlyList<T>> Lister<T>(SessionListing query, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Compares the whole list, its pages by cursor and its pages by offset, in both directions, and what is before a position.</summary>
    private static async Task AssertOrdersAsync<T, TKey>(
        SessionView view,
        IReadOnlyList<SessionSort> sorts,
        IReadOnlyList<T> rows,
        Lister<T> list,
        Func<T, SessionListing, SessionCursor> cursorOf,
        Func<T, TKey> keyOf,
        DateTimeOffset now)
    {
        foreach (var (sort, descending) in sorts.SelectMany(sort => new[] { (sort, false), (sort, true) }))
        {
            var name = $"{view} by {sort}{(descending ? ", descending" : "")}";
            var query = Listing(view: view, sort: sort, descending: descending);
            var ascending = rows.OrderBy(row => cursorOf(row, query)).Select(keyOf).ToList();
            var expected = descending ? Enumerable.Reverse(ascending).ToList() : ascending;

            Assert.That((await list(query, now, default)).Select(keyOf), Is.EqualTo(expected), name);
            Assert.That((await WalkAsync(query with { Limit = 5 }, list, cursorOf, now)).Select(keyOf), Is.EqualTo(expected), $"{name}, by cursor");
            Assert.That(
                (await list(query with { Limit = 4, Offset = 3 }, now, default)).Select(keyOf), Is.EqualTo(expected[3..7]), $"{name}, by offset");

            var opposite = query with { Descending = !descending, Limit = 4 };
            var seventh = rows.Single(row => keyOf(row)!.Equals(expected[6]));
            Assert.That(
                (await list(opposite with { After = cursorOf(seventh, opposite) }, now, default)).Select(keyOf).Reverse(),
                Is.EqualTo(expected[2..6]),
                $"{name}, before a position");
        }
    }

    private static async Task<List<T>> WalkAsync<T>(
        SessionListing query, Lister<T> list, Func<T, SessionListing, SessionCursor> cursorOf, DateTimeOffset now)
    {
        List<T> walked = [];
        IReadOnlyList<T> page;
        do
        {
            page = await list(query, now, default);
            walked.AddRange(page);
            query = page.Count > 0 ? query with { After = cursorOf(page[^1], query) } : query;
        }
        while (page.Count == query.Limit && walked.Count < 1000);

        return walked;
    }

    // Twelve sessions in ten records, with ties in every column, stored in an order that no sort has.
    private static IEnumerable<SessionCreation> OrderCrowd()
    {
        SessionUser[] users = [Alice, new("acme", "\U0001F600"), AliceElsewhere, new("acme", "\uE000"), Bob];
        string?[] addresses = ["192.0.2.1", null, "192.0.2.10", "2001:db8::1"];
        return OddIds.Select((id, number) => TestSessions
            .Of(users[number % 5])
            .In(number % 2 == 0 ? "shop" : "mail")
            .From(addresses[number % 4])
            .At(Minute(number % 3))
            .With(session => session with
            {
                Id = id,
                LastActiveAt = Minute(5 + (number % 4)),
                ExpiresAt = Minute(200 + (number % 2)),
            }));
    }
}
