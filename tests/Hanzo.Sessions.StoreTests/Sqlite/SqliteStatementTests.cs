using Hanzo.Sessions.Sqlite;
using Hanzo.Sessions.Testing;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.StoreTests.Sqlite;

/// <summary>What an operation costs: how many statements and transactions, and by which index.</summary>
public sealed class SqliteStatementTests : IDisposable
{
    private static readonly DateTimeOffset Now = TestSessions.Start;
    private static readonly SessionFilter Acme = new() { Scope = SessionScope.Of("acme") };
    private static readonly SessionFilter Everybody = new() { Scope = SessionScope.AllOrganizations };

    private readonly SqliteFolder _folder = new();
    private readonly SqliteSessionStore _store;
    private readonly TestClock _clock = new();
    private readonly SessionManager _manager;
    private SqliteTrace _trace = null!;

    public SqliteStatementTests()
    {
        _store = _folder.Open();
        _manager = new SessionManager(_store, Options.Create(new HanzoSessionsOptions()), _clock, []);
    }

    [OneTimeSetUp]
    public async Task PrepareAsync() => _trace = await SqliteTrace.PrepareAsync(_store);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Delete();
    }

    [Test, Description("V5: one indexed lookup, and one conditional update when activity is due")]
    public async Task Validation_is_one_lookup_and_one_more_transaction_when_activity_is_due()
    {
        var issued = await CreateAsync("v");

        Assert.That(await VerbsAsync(() => ValidateAsync(issued)), Is.EqualTo("SELECT"));
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.That(await VerbsAsync(() => ValidateAsync(issued)), Is.EqualTo("SELECT BEGIN UPDATE COMMIT"));
    }

    [Test]
    public async Task Creation_is_one_transaction() =>
        Assert.That(await VerbsAsync(() => CreateAsync("c")), Is.EqualTo("BEGIN SELECT SELECT INSERT COMMIT"));

    [Test]
    public async Task Creation_over_a_presented_session_is_one_transaction()
    {
        var presented = await CreateAsync("p");

        Assert.That(
            await VerbsAsync(() => CreateAsync("p", presented.Token.Reveal())), Is.EqualTo("BEGIN SELECT SELECT UPDATE INSERT COMMIT"));
    }

    [Test, Description("T5: one operation")]
    public async Task Termination_is_one_statement_for_one_session_and_for_all_of_a_user()
    {
        var issued = await CreateAsync("t");
        var end = new SessionEnd(Now, SessionEndReason.SignedOut, null);

        Assert.That(
            await VerbsAsync(() => _store.TerminateAsync(Acme with { Id = issued.Session.Id }, end)), Is.EqualTo("BEGIN UPDATE COMMIT"));
        Assert.That(
            await VerbsAsync(() => _store.TerminateAsync(Acme with { User = "t" }, end)), Is.EqualTo("BEGIN UPDATE COMMIT"));
        Assert.That(
            await VerbsAsync(() => _store.TerminateAsync(Acme with { User = "t" }, end, issued.Session.Id)),
            Is.EqualTo("BEGIN SELECT UPDATE COMMIT"));
    }

    [Test, Description("U2 U6: written, and the networks before and after it")]
    public async Task A_move_is_one_transaction()
    {
        var issued = await CreateAsync("m");

        Assert.That(
            await VerbsAsync(() => _store.MoveAsync(issued.Session.MoveTo("192.0.2.7", Now))), Is.EqualTo("BEGIN SELECT UPDATE SELECT COMMIT"));
    }

    [Test, Description("U2 U6")]
    public async Task A_move_finds_its_session_and_the_others_of_the_user_by_an_index() => Assert.That(
        await PlanAsync(() => _store.MoveAsync(TestSessions.Of(TestSessions.Alice).Session.MoveTo("192.0.2.7", Now))),
        Has.Some.EqualTo("SEARCH sessions USING INDEX sqlite_autoindex_sessions_1 (id=?)")
            .And.Some.Contains("sessions USING INDEX sessions_of_user (organization=? AND user_name=?)").And.None.EqualTo("SCAN sessions"));

    [Test, Description("U7")]
    public async Task Forgetting_a_user_is_one_transaction() => Assert.That(
        await VerbsAsync(() => _store.ForgetAsync(TestSessions.Bob, new SessionEnd(Now, SessionEndReason.UserDeleted, null))),
        Is.EqualTo("BEGIN INSERT DELETE INSERT DELETE COMMIT"));

    [Test]
    public async Task Rotation_is_one_statement()
    {
        var issued = await CreateAsync("r");

        Assert.That(await VerbsAsync(() => _manager.RotateAsync(issued.Token.Reveal())), Is.EqualTo("BEGIN UPDATE COMMIT"));
    }

    [Test, Description("L3: total=none leaves the count out")]
    public async Task A_list_is_one_statement_and_a_second_one_counts()
    {
        await CreateAsync("l");
        await CreateAsync("l");
        var page = new SessionQuery { Filter = Acme, Limit = 1 };

        Assert.That(await VerbsAsync(() => _manager.ListAsync(page with { Total = SessionTotalMode.None })), Is.EqualTo("SELECT"));
        Assert.That(await VerbsAsync(() => _manager.ListAsync(page)), Is.EqualTo("SELECT SELECT"));
        Assert.That(await VerbsAsync(() => _manager.ListRecordsAsync(page with { Total = SessionTotalMode.None })), Is.EqualTo("WITH"));
    }

    [Test, Description("V5")]
    public async Task Validation_goes_by_the_index_of_token_hashes() =>
        Assert.That(
            await PlanAsync(async () => await _store.FindByTokenAsync(TestSessions.NewTokenHash())),
            Is.EqualTo(new[] { "SEARCH sessions USING INDEX sqlite_autoindex_sessions_2 (token_hash=?)" }));

    [TestCase(SessionView.Sessions, "sessions_of_organization (organization=?", "sessions_of_all", "sessions_of_user (organization=? AND user_name=?")]
    [TestCase(SessionView.Records, "sessions_of_user (organization=?", "sessions_of_user", "sessions_of_user (organization=? AND user_name=?")]
    [TestCase(SessionView.History, "history_of_organization (organization=?", "history_of_all", "history_of_user (organization=? AND user_name=?")]
    [Description("L3: an index serves it")]
    public async Task Every_list_in_its_usual_order_goes_by_an_index(SessionView view, string organization, string all, string user)
    {
        foreach (var (filter, index) in new[] { (Acme, organization), (Everybody, all) })
        {
            var (first, second) = Pages(view, filter);
            Assert.That(await PlanAsync(() => ListAsync(first)), Has.Some.Contains(index).And.All.Matches<string?>(GoesByIndex));
            Assert.That(await PlanAsync(() => CountAsync(first)), Has.All.Matches<string?>(GoesByIndex));
            Assert.That(
                await PlanAsync(() => ListAsync(second)),
                Has.Some.Contains(index).And.Some.Match(@"\)[<>]\(\?").And.All.Matches<string?>(GoesByIndex),
                "a later page begins where the cursor says");
        }

        var ofUser = Pages(view, Acme with { User = "l" }).First;
        Assert.That(await PlanAsync(() => ListAsync(ofUser)), Has.Some.Contains(user), "those of a user are found, then sorted");
    }

    [Test, Description("L3: search, a literal prefix of the user name (an index serves it)")]
    public async Task A_search_by_prefix_goes_by_the_index_of_users([Values] SessionView view) =>
        Assert.That(
            await PlanAsync(() => ListAsync(Pages(view, Acme with { UserPrefix = "al" }).First)),
            Has.Some.Contains("_of_user (organization=? AND user_name>? AND user_name<?)"));

    [Test, Description("K1")]
    public async Task Clean_up_goes_by_the_indexes_of_what_is_due()
    {
        Assert.That(
            await PlanAsync(() => _store.ExpireBatchAsync(Now, 500)),
            Has.Some.EqualTo("SEARCH sessions USING INDEX sessions_due (active_until<?)").And.All.Matches<string?>(GoesByIndex));
        Assert.That(
            await PlanAsync(() => _store.PurgeAsync(Now, Now, 500)),
            Has.Some.EqualTo("SEARCH sessions USING INDEX history_of_all (active_until<?)").And.All.Matches<string?>(GoesByIndex));
        Assert.That(
            await PlanAsync(() => _store.PurgeAsync(Now, Now, 500)),
            Has.Some.Contains("SEARCH forgotten_sessions USING COVERING INDEX forgotten_sessions_by_end (keep_until<?)"));
    }

    [Test, Description("A1 U6")]
    public async Task The_alarm_reads_the_index_of_users_in_its_order()
    {
        foreach (var scope in new[] { SessionScope.Of("acme"), SessionScope.AllOrganizations })
        {
            var plan = await PlanAsync(() => _store.ListIpSpreadAsync(scope, 10, 50, 0, Now));
            Assert.That(plan, Has.Some.Contains("sessions USING INDEX sessions_of_user").And.None.EqualTo("SCAN sessions"));
            Assert.That(plan, Has.Exactly(1).Contains("FOR GROUP BY"), "the networks of a page of users");
        }
    }

    [Test]
    public async Task Writes_find_their_sessions_by_an_index()
    {
        var end = new SessionEnd(Now, SessionEndReason.SignedOut, null);
        foreach (var write in new Func<Task>[]
        {
            () => _store.TerminateAsync(Acme with { User = "t" }, end),
            () => _store.TerminateAsync(Acme with { User = "t", Id = SessionId.New(Now) }, end, SessionId.New(Now)),
            () => _store.ExpireAsync(SessionId.New(Now), Now),
            () => _store.TouchAsync(new SessionTouch(SessionId.New(Now), Now, Now, Now)).AsTask(),
            () => _store.RotateAsync(new SessionRotation(TestSessions.NewTokenHash(), TestSessions.NewTokenHash(), null, Now)),
            () => _store.ReplacePayloadAsync(new SessionPayloadChange(TestSessions.NewTokenHash(), default, default, Now)),
            () => _store.ForgetAsync(TestSessions.Alice, end),
        })
        {
            Assert.That(await PlanAsync(write), Has.All.StartsWith("SEARCH sessions USING INDEX"));
        }
    }

    private static bool GoesByIndex(string? step) =>
        step is not null && !step.Contains("TEMP B-TREE", StringComparison.Ordinal)
        && (!step.StartsWith("SCAN sessions", StringComparison.Ordinal) || step.Contains(" USING INDEX ", StringComparison.Ordinal));

    private static (SessionListing First, SessionListing Second) Pages(SessionView view, SessionFilter filter)
    {
        var first = new SessionQuery { Filter = filter }.Resolve(view);
        var session = TestSessions.Of(TestSessions.Alice).Session;
        var after = view == SessionView.Records
            ? SessionCursor.Of(new SessionRecord(session.User, session.Application, [session]), first)
            : SessionCursor.Of(session, first);
        return (first, first with { After = after });
    }

    private Task ListAsync(SessionListing listing) =>
        listing.View == SessionView.Records ? _store.ListRecordsAsync(listing, Now) : _store.ListAsync(listing, Now);

    private Task<long> CountAsync(SessionListing listing) => _store.CountAsync(listing, Now, SessionQuery.MaxExactTotal);

    private Task<IssuedSession> CreateAsync(string user, string? presented = null) => _manager.CreateAsync(
        new NewSession { User = new SessionUser("acme", user), PresentedToken = presented });

    private Task<SessionValidation> ValidateAsync(IssuedSession issued) => _manager.ValidateAsync(issued.Token.Reveal()).AsTask();

    private Task<string> VerbsAsync(Func<Task> action) => _trace.VerbsOfAsync(action);

    private Task<List<string>> PlanAsync(Func<Task> action) => _trace.PlanOfAsync(_folder.File, action);
}
