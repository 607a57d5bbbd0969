namespace Hanzo.Sessions.Tests;

public sealed class PagingTests
{
    private static readonly SessionUser[] Users = [.. Enumerable.Range(0, 7).Select(i => new SessionUser("hanzo", $"user-{i % 4}"))];

    [Test, Description("L3 50 rows by default")]
    public async Task A_page_has_fifty_rows_by_default()
    {
        var it = await Filled(51);

        var page = await it.Manager.ListAsync(All());

        Assert.That((page.Items.Count, page.Total, page.TotalIsExact, page.Limit, page.Offset), Is.EqualTo((50, (long?)51, true, 50, 0)));
        Assert.That(page.NextCursor, Is.Not.Null);
    }

    [Test, Description("L3 a page that is exactly full is the last")]
    public async Task A_page_that_is_exactly_full_has_no_next_one()
    {
        var it = new Harness();
        await it.SignIn(3);
        var full = await it.Manager.ListAsync(All() with { Limit = 3 });
        var more = await it.Manager.ListAsync(All() with { Limit = 2 });

        Assert.That((full.NextCursor is null, full.Items.Count, full.Total), Is.EqualTo((true, 3, 3L)));
        Assert.That((more.NextCursor is null, more.Items.Count, more.Total), Is.EqualTo((false, 2, 3L)));
    }

    [TestCase(0, Description = "L3 limit 1 to 500")]
    [TestCase(501, Description = "L3 limit 1 to 500")]
    [TestCase(-1, Description = "L3 limit 1 to 500")]
    public async Task A_limit_out_of_range_is_refused(int limit)
    {
        var it = new Harness(wrap: _ => new Mock<ISessionStore>(MockBehavior.Strict).Object);

        var refusal = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => it.Manager.ListAsync(All() with { Limit = limit }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => it.Manager.ListIpSpreadAsync(Scope, limit: limit));
        Assert.That(refusal!.Message, Does.StartWith("limit must be from 1 to 500."));
    }

    [TestCase(-1, Description = "L3 offset up to 10,000")]
    [TestCase(10_001, Description = "L3 offset up to 10,000")]
    public async Task An_offset_out_of_range_is_refused(int offset)
    {
        var it = new Harness(wrap: _ => new Mock<ISessionStore>(MockBehavior.Strict).Object);

        var refusal = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => it.Manager.ListAsync(All() with { Offset = offset }));
        Assert.That(refusal!.Message, Does.StartWith("offset must be from 0 to 10000."));
    }

    [Test, Description("L3 the largest limit and offset; beyond the end is empty")]
    public async Task A_page_beyond_the_end_is_empty()
    {
        var it = await Filled(3);

        var page = await it.Manager.ListAsync(All() with { Limit = 500, Offset = 10_000 });

        Assert.That(page.Items, Is.Empty);
        Assert.That((page.Total, page.NextCursor), Is.EqualTo(((long?)3, (SessionCursor?)null)));
    }

    [Test, Combinatorial, Description("L3 every sort of sessions, both directions, by cursor")]
    public async Task Pages_by_cursor_show_every_session_once_in_one_order(
        [Values(SessionSort.Created, SessionSort.LastActive, SessionSort.Expires, SessionSort.User, SessionSort.Application, SessionSort.IpAddress)]
        SessionSort sort,
        [Values] bool descending)
    {
        var it = await Filled(20);
        var query = All() with { Sort = sort, Descending = descending };
        var whole = Ids(await it.Manager.ListAsync(query));

        List<SessionId> paged = [];
        var page = await it.Manager.ListAsync(query with { Limit = 3 });
        paged.AddRange(Ids(page));
        while (page.NextCursor is { } cursor)
        {
            Assert.That(SessionCursor.TryParse(cursor.ToString(), out var read), cursor.ToString());
            page = await it.Manager.ListAsync(query with { Limit = 3, Cursor = read });
            paged.AddRange(Ids(page));
        }

        Assert.That(paged, Is.EqualTo(whole));
        Assert.That(paged, Has.Count.EqualTo(20));
    }

    [Test, Combinatorial, Description("L3 every sort of records, both directions, by cursor and by offset")]
    public async Task Pages_of_records_show_every_record_once_in_one_order(
        [Values(SessionSort.User, SessionSort.Application, SessionSort.Created, SessionSort.LastActive, SessionSort.Count, SessionSort.Id)]
        SessionSort sort,
        [Values] bool descending)
    {
        var it = await Filled(20);
        var query = All() with { Sort = sort, Descending = descending };
        var whole = Keys(await it.Manager.ListRecordsAsync(query));

        List<(SessionUser, string)> byCursor = [];
        List<(SessionUser, string)> byOffset = [];
        SessionCursor? cursor = null;
        do
        {
            byOffset.AddRange(Keys(await it.Manager.ListRecordsAsync(query with { Limit = 3, Offset = byCursor.Count })));
            var page = await it.Manager.ListRecordsAsync(query with { Limit = 3, Cursor = cursor });
            byCursor.AddRange(Keys(page));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.That(byCursor, Is.EqualTo(whole));
        Assert.That(byOffset, Is.EqualTo(whole));
        Assert.That(whole, Is.Unique);
    }

    [Test, Combinatorial, Description("L5 history has the same paging")]
    public async Task Pages_of_history_show_every_session_once_in_one_order(
        [Values(SessionSort.Ended, SessionSort.Created, SessionSort.User)] SessionSort sort, [Values] bool descending)
    {
        var it = await Filled(20);
        await it.Manager.TerminateAllAsync(Users[0], Service);
        it.Clock.Advance(TimeSpan.FromHours(1));
        var query = All() with { Sort = sort, Descending = descending };
        var whole = Ids(await it.Manager.ListHistoryAsync(query));

        List<SessionId> paged = [];
        SessionCursor? cursor = null;
        do
        {
            var page = await it.Manager.ListHistoryAsync(query with { Limit = 6, Cursor = cursor });
            paged.AddRange(Ids(page));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.That(paged, Is.EqualTo(whole));
        Assert.That(paged, Has.Count.EqualTo(20));
    }

    [Test, Combinatorial, Description("L3 L5 every list is read backwards by cursor as it is forwards")]
    public async Task Pages_lead_back_the_way_they_came(
        [Values] SessionView view, [Values(SessionSort.Created, SessionSort.LastActive, SessionSort.User)] SessionSort sort, [Values] bool descending)
    {
        var it = await Filled(20);
        if (view == SessionView.History)
        {
            it.Clock.Advance(TimeSpan.FromHours(1));
        }

        var query = All() with { Sort = sort, Descending = descending, Limit = 3 };
        List<string> forward = [];
        var page = await PageAsync(it, view, query);
        Assert.That(page.Previous, Is.Null, "first");
        forward.AddRange(page.Keys);
        while (page.Next is { } next)
        {
            page = await PageAsync(it, view, query with { Cursor = next });
            forward.AddRange(page.Keys);
        }

        List<string> backward = [.. page.Keys];
        while (page.Previous is { } previous)
        {
            Assert.That(SessionCursor.TryParse(previous.ToString(), out var read), previous.ToString());
            page = await PageAsync(it, view, query with { Cursor = read });
            backward.InsertRange(0, page.Keys);
            Assert.That(page.Next, Is.Not.Null);
        }

        Assert.That(forward, Is.Unique.And.Count.GreaterThan(6));
        Assert.That(backward, Is.EqualTo(forward));
    }

    [Test, Description("L3 rows that end between two pages move nothing, in either direction")]
    public async Task Back_to_where_rows_have_ended_skips_and_repeats_nothing()
    {
        var it = await Filled(20);
        var query = All() with { Sort = SessionSort.Created, Descending = false, Limit = 5 };
        var whole = Ids(await it.Manager.ListAsync(query with { Limit = 50 })).ToList();
        var third = await it.Manager.ListAsync(query with { Offset = 10 });
        foreach (var id in whole[7..10])
        {
            await it.Manager.TerminateAsync(Scope, id, Service);
        }

        var back = await it.Manager.ListAsync(query with { Cursor = third.PreviousCursor });
        Assert.That(Ids(back), Is.EqualTo(whole[2..7]));
        Assert.That(Ids(await it.Manager.ListAsync(query with { Cursor = back.NextCursor })), Is.EqualTo(whole[10..15]));
        var start = await it.Manager.ListAsync(query with { Cursor = back.PreviousCursor });
        Assert.That((Ids(start), start.PreviousCursor), Is.EqualTo((whole[..2], (SessionCursor?)null)));

        foreach (var id in whole[..2])
        {
            await it.Manager.TerminateAsync(Scope, id, Service);
        }

        var empty = await it.Manager.ListAsync(query with { Cursor = back.PreviousCursor });
        Assert.That((empty.Items.Count, empty.NextCursor, empty.PreviousCursor), Is.EqualTo((0, (SessionCursor?)null, (SessionCursor?)null)));
    }

    [TestCase(SessionSort.Ended, Description = "L3 a fixed list of columns")]
    [TestCase(SessionSort.Count, Description = "L3 a fixed list of columns")]
    [TestCase((SessionSort)99, Description = "L3 a fixed list of columns")]
    public async Task Sessions_have_no_other_sorts(SessionSort sort) =>
        await Assert.ThatAsync(
            () => new Harness().Manager.ListAsync(All() with { Sort = sort }),
            Throws.ArgumentException.With.Message.StartsWith(
                $"Sessions cannot be sorted by {sort}, only by Created, LastActive, Expires, User, Application, IpAddress."));

    [Test, Description("L3 a cursor belongs to its list")]
    public async Task A_cursor_of_another_order_or_with_an_offset_is_refused()
    {
        var it = await Filled(3);
        var cursor = (await it.Manager.ListAsync(All() with { Limit = 1 })).NextCursor;

        await Assert.ThatAsync(() => it.Manager.ListAsync(All() with { Cursor = cursor, Descending = false }), Throws.ArgumentException);
        await Assert.ThatAsync(() => it.Manager.ListAsync(All() with { Cursor = cursor, Sort = SessionSort.User }), Throws.ArgumentException);
        await Assert.ThatAsync(() => it.Manager.ListRecordsAsync(All() with { Cursor = cursor }), Throws.ArgumentException);
        await Assert.ThatAsync(() => it.Manager.ListAsync(All() with { Cursor = cursor, Offset = 1 }), Throws.ArgumentException);
        await Assert.ThatAsync(() => it.Manager.ListAsync(All() with { Cursor = cursor }), Throws.Nothing);
    }

    [TestCase(10_000, 10_000, true, Description = "L3 exact up to 10,000")]
    [TestCase(10_001, 10_000, false, Description = "L3 beyond that 10,000, not exact")]
    public async Task A_total_is_exact_up_to_ten_thousand(int sessions, int total, bool exact)
    {
        var it = new Harness();
        for (var i = 0; i < sessions; i++)
        {
            await it.SignIn(new SessionUser("hanzo", $"user-{i}"));
        }

        var capped = await it.Manager.ListAsync(All());
        var whole = await it.Manager.ListAsync(All() with { Total = SessionTotalMode.Exact });

        Assert.That((capped.Total, capped.TotalIsExact), Is.EqualTo(((long?)total, exact)));
        Assert.That((whole.Total, whole.TotalIsExact), Is.EqualTo(((long?)sessions, true)));
    }

    [Test, Description("L3 total=none leaves it out")]
    public async Task Without_a_total_nothing_is_counted()
    {
        CountedStore? store = null;
        var it = await Filled(60, inner => store = new CountedStore(inner));
        var before = store!.Calls;

        var page = await it.Manager.ListAsync(All() with { Total = SessionTotalMode.None });

        Assert.That(page.Total, Is.Null);
        Assert.That(store.Calls - before, Is.EqualTo(1));
    }

    [TestCase("", Description = "L3 a cursor from outside")]
    [TestCase("not base64url!", Description = "L3 a cursor from outside")]
    [TestCase("AQAAAA", Description = "L3 a cut cursor")]
    [TestCase("_____w", Description = "L3 an unknown version")]
    public void Other_text_is_no_cursor(string text) =>
        Assert.That(SessionCursor.TryParse(text, out _), Is.False);

    [Test, Description("L3 a damaged cursor is refused or harmless, never an error")]
    public async Task No_damaged_cursor_makes_an_error()
    {
        var it = await Filled(5);
        var good = (await it.Manager.ListAsync(All() with { Limit = 1 })).NextCursor!.ToString();
        var random = new Random(20260101);
        for (var i = 0; i < 5_000; i++)
        {
            var text = good.ToCharArray();
            for (var j = random.Next(1, 4); j > 0; j--)
            {
                text[random.Next(text.Length)] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[random.Next(64)];
            }

            if (SessionCursor.TryParse(new string(text, 0, random.Next(text.Length + 1)), out var cursor)
                && cursor is { View: SessionView.Sessions, Sort: SessionSort.Created, Descending: true })
            {
                _ = cursor.Instant;
                await it.Manager.ListAsync(All() with { Cursor = cursor });
            }
        }
    }

    private static IEnumerable<(SessionUser User, string Application)> Keys(SessionPage<SessionRecord> page) =>
        page.Items.Select(record => (record.User, record.Application));

    private static async Task<(List<string> Keys, SessionCursor? Next, SessionCursor? Previous)> PageAsync(
        Harness it, SessionView view, SessionQuery query)
    {
        if (view == SessionView.Records)
        {
            var records = await it.Manager.ListRecordsAsync(query);
            return ([.. Keys(records).Select(key => $"{key}")], records.NextCursor, records.PreviousCursor);
        }

        var sessions = view == SessionView.History ? await it.Manager.ListHistoryAsync(query) : await it.Manager.ListAsync(query);
        return ([.. Ids(sessions).Select(id => $"{id}")], sessions.NextCursor, sessions.PreviousCursor);
    }

    private static async Task<Harness> Filled(int sessions, Func<ISessionStore, ISessionStore>? wrap = null)
    {
        var it = new Harness(options => options.MaxSessions = null, wrap);
        for (var i = 0; i < sessions; i++)
        {
            await it.SignIn(Users[i % Users.Length], application: $"app-{i % 3}", ip: i % 5 == 0 ? null : $"203.0.113.{i % 4}");
            if (i % 2 == 0)
            {
                it.Clock.Advance(Ms);
            }
        }

        return it;
    }
}
