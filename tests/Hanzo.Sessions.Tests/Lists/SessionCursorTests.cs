namespace Hanzo.Sessions.Tests;

public sealed class SessionCursorTests
{
    private static readonly SessionCursor First = new()
    {
        View = SessionView.Sessions,
        Sort = SessionSort.User,
        Descending = false,
        Text = "ada",
        Id = SessionId.Parse("00000000000000000000000000000001"),
    };

    private static readonly SessionCursor OfRecord = new()
    {
        View = SessionView.Records,
        Sort = SessionSort.Count,
        Descending = true,
        Number = 3,
        User = Ada,
        Application = App,
    };

    private static IEnumerable<SessionCursor> InOrder() =>
    [
        OfRecord with { Number = 2, Text = "z", Application = "z", User = Zoe },
        OfRecord with { Application = "a" },
        OfRecord with { Application = "b" },
        OfRecord with { User = Ben, Application = "a" },
        OfRecord with { User = new SessionUser(Zoe.Organization, "a"), Application = "a" },
        OfRecord with { User = Zoe, Application = "a" },
        OfRecord with { Id = First.Id, Application = "a" },
        OfRecord with { Text = "a", Application = "a" },
        OfRecord with { Text = "b", Application = "a" },
        OfRecord with { Number = 4, Application = "a" },
    ];

    [Test, Description("L3 the order is total, ties broken")]
    public void Positions_are_in_a_total_order()
    {
        var all = InOrder().ToList();
        for (var left = 0; left < all.Count; left++)
        {
            for (var right = 0; right < all.Count; right++)
            {
                Assert.That(Math.Sign(all[left].CompareTo(all[right])), Is.EqualTo(Math.Sign(left - right)), $"{left} {right}");
            }

            Assert.That(all[left].CompareTo(null), Is.EqualTo(1));
        }
    }

    [Test, Description("L3 a position comes back as it was")]
    public void A_position_is_read_as_it_was_written([Values] bool ofRecord, [Values] bool isBackward)
    {
        var cursor = (ofRecord ? OfRecord : First) with { IsBackward = isBackward };
        Assert.That(SessionCursor.TryParse(cursor.ToString(), out var read), Is.True);
        Assert.That(read, Is.EqualTo(cursor));
    }

    private static IEnumerable<TestCaseData> Unreadable()
    {
        yield return new TestCaseData(null).SetArgDisplayNames("null");
        yield return new TestCaseData("").SetArgDisplayNames("empty");
        yield return new TestCaseData("not base64!").SetArgDisplayNames("not base64");
        yield return new TestCaseData(new string('A', 8192)).SetArgDisplayNames("long");
        yield return new TestCaseData(First.ToString()[..^4]).SetArgDisplayNames("cut");
        yield return new TestCaseData(First + "AAAA").SetArgDisplayNames("longer");
        yield return Case("unknown view", First with { View = (SessionView)99 });
        yield return Case("sort of another view", First with { Sort = SessionSort.Count });
        yield return Case("number too small", First with { Number = DateTimeOffset.MinValue.ToUnixTimeMilliseconds() - 1 });
        yield return Case("number too large", First with { Number = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() + 1 });
        yield return Case("text that is no name", First with { Text = "a\0" });
        yield return Case("session with an application", First with { Application = App });
        yield return Case("session with a user", First with { User = Ada });
        yield return Case("record without an application", OfRecord with { Application = "" });
        yield return Case("record with an application that is none", OfRecord with { Application = "a/b" });
        yield return Case("record without a user", OfRecord with { User = null });

        static TestCaseData Case(string name, SessionCursor cursor) => new TestCaseData(cursor.ToString()).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Unreadable)), Description("L3 I1 what no list has handed out is refused before a store sees it")]
    public void What_no_list_has_handed_out_is_not_read(string? text) => Assert.That(SessionCursor.TryParse(text, out _), Is.False);

    [Test, Description("L3 the limits of what a row can hold")]
    public void The_first_and_the_last_instant_are_read()
    {
        foreach (var instant in new[] { DateTimeOffset.MinValue, DateTimeOffset.MaxValue })
        {
            var cursor = First with { Sort = SessionSort.Created, Number = instant.ToUnixTimeMilliseconds() };
            Assert.That(SessionCursor.TryParse(cursor.ToString(), out _), Is.True);
        }
    }

    [TestCase(SessionSort.User, "ada", 0L)]
    [TestCase(SessionSort.Application, "shop", 0L)]
    [TestCase(SessionSort.IpAddress, "192.0.2.7", 0L)]
    [TestCase(SessionSort.Created, "", 1767225600000L)]
    [TestCase(SessionSort.Expires, "", 1767312000000L)]
    public void The_position_of_a_session_is_its_value_and_its_id(SessionSort sort, string text, long number)
    {
        var session = TestSessions.Of(Ada).From("192.0.2.7").Session;
        var cursor = SessionCursor.Of(session, Sorted(sort));
        Assert.That((cursor.Text, cursor.Number, cursor.Id), Is.EqualTo((text, number, session.Id)));
    }

    [TestCase(SessionSort.User, "", 0L)]
    [TestCase(SessionSort.Application, App, 0L)]
    [TestCase(SessionSort.Count, "", 2L)]
    [TestCase(SessionSort.Created, "", 1767225600000L)]
    [TestCase(SessionSort.LastActive, "", 1767225660000L)]
    public void The_position_of_a_record_is_its_value_and_whose_it_is(SessionSort sort, string text, long number)
    {
        var session = TestSessions.Of(Ada).Session;
        var record = new SessionRecord(Ada, App, [session, session with { LastActiveAt = session.LastActiveAt.AddMinutes(1) }]);
        var cursor = SessionCursor.Of(record, Sorted(sort));
        Assert.That((cursor.Text, cursor.Number, cursor.User, cursor.Application), Is.EqualTo((text, number, Ada, App)));
    }

    [Test]
    public void The_position_of_a_record_sorted_by_id_has_the_greatest_id_of_its_sessions()
    {
        Session[] sessions = [TestSessions.Of(Ada).Session, TestSessions.Of(Ada).Session, TestSessions.Of(Ada).Session];
        var record = new SessionRecord(Ada, App, sessions);

        Assert.That(SessionCursor.Of(record, Sorted(SessionSort.Id)).Id, Is.EqualTo(sessions.Max(session => session.Id)));
        Assert.That(SessionCursor.Of(record, Sorted(SessionSort.Count)).Id, Is.Default);
    }

    private static SessionListing Sorted(SessionSort sort) => new()
    {
        Filter = SessionFilter.Of(Scope),
        View = SessionView.Sessions,
        Sort = sort,
        Descending = true,
        Limit = 50,
    };

    [Test, Description("L3 what is not said is empty, not missing")]
    public void A_position_of_which_nothing_is_said_but_its_list_is_empty()
    {
        var cursor = new SessionCursor { View = SessionView.Sessions, Sort = SessionSort.User, Descending = false };
        Assert.That((cursor.Text, cursor.Application, cursor.Number, cursor.User), Is.EqualTo(("", "", 0L, default(SessionUser))));
    }

    [Test]
    public void The_position_of_a_session_without_an_address_is_the_empty_one()
    {
        var cursor = SessionCursor.Of(TestSessions.Of(Ada).Session, Sorted(SessionSort.IpAddress));
        Assert.That(cursor.Text, Is.Empty);
    }

    [Test]
    public void A_position_needs_a_row_and_a_list()
    {
        var session = TestSessions.Of(Ada).Session;
        Assert.That(() => SessionCursor.Of(session, null!), Throws.ArgumentNullException);
        Assert.That(() => SessionCursor.Of((Session)null!, Sorted(SessionSort.User)), Throws.ArgumentNullException);
        Assert.That(() => SessionCursor.Of((SessionRecord)null!, Sorted(SessionSort.User)), Throws.ArgumentNullException);
    }

    [Test, Description("L3 a cursor of another list is refused")]
    public async Task A_cursor_of_another_list_is_refused()
    {
        var it = new Harness();
        await it.SignIn(3);
        var page = await it.Manager.ListAsync(All() with { Limit = 2 });
        foreach (var other in new[] { All() with { Sort = SessionSort.User }, All() with { Descending = false } })
        {
            await Assert.ThatAsync(
                () => it.Manager.ListAsync(other with { Cursor = page.NextCursor }),
                Throws.ArgumentException.With.Message.Contains("same view, sort and direction"));
        }
    }
}
