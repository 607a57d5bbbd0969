using Hanzo.Sessions.Testing;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.StoreTests;

/// <summary>How docs/Operations.md reads every end once: from an instant on.</summary>
[TestFixture("memory")]
[TestFixture("SQLite")]
[TestFixture("PostgreSQL")]
public sealed class HistoryFromAnInstantTests(string kind)
{
    private readonly SqliteFolder _folder = new();

    [OneTimeTearDown]
    public void DeleteFiles() => _folder.Delete();

    [Test, Description("L5 L3 a cursor can be made of an instant")]
    public async Task A_cursor_made_of_an_instant_begins_with_what_ended_at_it_and_leaves_out_a_millisecond_before()
    {
        var store = await StoreOfKind.OpenAsync(kind, _folder);
        await using var closing = store as IAsyncDisposable;
        var clock = new ManualTimeProvider();
        var options = Options.Create(new HanzoSessionsOptions());
        var sessions = new SessionManager(store, options, clock, []);
        List<SessionId> ended = [];
        for (var i = 0; i < 4; i++)
        {
            var issued = await sessions.CreateAsync(new NewSession { User = TestSessions.Alice });
            clock.Advance(TimeSpan.FromMilliseconds(1));
            await sessions.SignOutAsync(issued.Session);
            ended.Add(issued.Session.Id);
        }

        var from = TestSessions.Start.AddMilliseconds(2);
        var query = new SessionQuery
        {
            Filter = new SessionFilter { Scope = SessionScope.AllOrganizations },
            Sort = SessionSort.Ended,
            Descending = false,
            Limit = 2,
            Cursor = new SessionCursor
            {
                View = SessionView.History,
                Sort = SessionSort.Ended,
                Descending = false,
                Number = from.ToUnixTimeMilliseconds(),
            },
        };
        var page = await sessions.ListHistoryAsync(query);
        var next = await sessions.ListHistoryAsync(query with { Cursor = page.NextCursor });

        Assert.That(page.Items.Concat(next.Items).Select(it => it.Id), Is.EqualTo(ended[1..]));
        Assert.That(next.NextCursor, Is.Null);
    }
}
