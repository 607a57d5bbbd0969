using NUnit.Framework;

namespace Hanzo.Sessions.Testing;

public abstract partial class SessionStoreContract
{
    // Texts that databases fold, trim, normalize or cut unless a store prevents it.
    private static readonly string[] LookAlikes =
    [
        "alice", "Alice", "ALICE", "alice ", " alice", "alice\t", "alicé", "alice\u0301", "a\u200Blice", "ａlice",
        "straße", "strasse", "İ", "i", "I", "ı", "K", "\u212A", "Å", "\u212B", "ﬁ", "fi", "σ", "ς", "1", "01", "1.0", "é", "e\u0301",
        "null", "''", "--", "%", "_", "\\", "\u0001", "\uFFFD", "\uFEFFalice", "e" + "\u0323\u0302", "e" + "\u0302\u0323",
    ];

    [Test, Description("I1")]
    public async Task Texts_that_look_alike_are_different_users()
    {
        var crowd = await AddAsync(LookAlikes.Select(name => TestSessions.Of(new SessionUser("acme", name)).LimitedTo(1)));
        var records = await Store.ListRecordsAsync(Listing(view: SessionView.Records), Minute(1));

        Assert.That(records.Select(record => record.User.Name), Is.EquivalentTo(LookAlikes));
        foreach (var creation in crowd)
        {
            Assert.That(await ActiveAsync(Minute(1), SessionFilter.Of(creation.Session.User)), Is.EqualTo(Ids([creation])), creation.Session.User.Name);
        }
    }

    [Test, Description("I1")]
    public async Task Texts_that_look_alike_are_different_organizations()
    {
        var crowd = await AddAsync(LookAlikes.Select(name => TestSessions.Of(new SessionUser(name, "alice"))));

        foreach (var creation in crowd)
        {
            var ended = await Store.TerminateAsync(
                new SessionFilter { Scope = SessionScope.Of(creation.Session.User.Organization) }, SignedOut(Minute(1)));
            Assert.That(Ids(ended.Ended), Is.EqualTo(Ids([creation])), creation.Session.User.Organization);
        }
    }

    [Test, Description("I1")]
    public async Task Texts_that_look_alike_are_different_applications()
    {
        var crowd = await AddAsync(LookAlikes.Select(
            name => TestSessions.Of(Alice).In(name).LimitedTo(1, SessionLimitScope.UserAndApplication)));

        foreach (var creation in crowd)
        {
            Assert.That(
                await ActiveAsync(Minute(1), SessionFilter.Of(Alice) with { Application = creation.Session.Application }),
                Is.EqualTo(Ids([creation])),
                creation.Session.Application);
        }
    }

    [TestCase("a"), TestCase("é"), TestCase("\uFFFF"), TestCase("😀"), Description("I1")]
    public async Task Names_may_be_256_bytes_long(string character)
    {
        var bytes = System.Text.Encoding.UTF8.GetByteCount(character);
        var longest = string.Concat(Enumerable.Repeat(character, 256 / bytes)) + new string('x', 256 % bytes);
        var manager = Manager(Store, new StoppedClock(Start));
        var issued = await manager.CreateAsync(new NewSession { User = new SessionUser(longest, longest), Application = longest });

        AssertSame((await Store.FindAsync(issued.Session.Id)).Session, issued.Session);
        Assert.That(await ActiveAsync(Minute(1), SessionFilter.Of(issued.Session.User) with { Application = longest }), Has.Length.EqualTo(1));
        Assert.That(await ActiveAsync(Minute(1), Everything with { UserPrefix = longest }), Has.Length.EqualTo(1));
        AssertRefused(() => _ = new SessionUser("acme", longest + character));
    }

    [Test, Description("I1")]
    public async Task Text_that_stores_would_change_is_refused_before_they_see_it()
    {
        // Not test cases: the metadata of an assembly cannot hold lone surrogates either.
        foreach (var text in new[] { "\0", "a\0b", "u\uD800", "u\uDBFF", "\uDC00u", "u\uDC00\uD800", string.Empty })
        {
            await AssertRefusedEverywhereAsync(text);
        }
    }

    [Test, Description("I1 C1")]
    public async Task Descriptive_text_comes_back_as_the_manager_repaired_it()
    {
        var manager = Manager(Store, new StoppedClock(Start));
        foreach (var text in new[] { "a\0b", "u\uD800", "\uDC00u", "line\r\nbreak\t\u0001\u001b[31m", "'; drop table sessions; --", new('x', 600) })
        {
            var issued = await manager.CreateAsync(new NewSession { User = Alice, UserAgent = text, AuthenticationMethods = text });
            AssertSame((await Store.FindAsync(issued.Session.Id)).Session, issued.Session);
        }
    }

    private async Task AssertRefusedEverywhereAsync(string text)
    {
        var manager = Manager(new UnreachableStore(Store), new StoppedClock(Start));
        var caller = SessionCaller.Service("a test");
        AssertRefused(() => _ = new SessionUser(text, "alice"));
        AssertRefused(() => _ = new SessionUser("acme", text));
        AssertRefused(() => _ = SessionScope.Of(text));
        await AssertRefusedAsync(() => manager.CreateAsync(new NewSession { User = Alice, Application = text }));
        await AssertRefusedAsync(() => manager.TerminateRecordAsync(Alice, text, caller));
        foreach (var filter in new[]
        {
            Everything with { User = text }, Everything with { Application = text },
            Everything with { UserPrefix = text }, Everything with { Contains = new(SessionTextColumn.User, text) },
        })
        {
            await AssertRefusedAsync(() => manager.TerminateMatchingAsync(filter, caller));
            await AssertRefusedAsync(() => manager.ListAsync(new SessionQuery { Filter = filter }));
        }
    }

    private static void AssertRefused(Action call) =>
        Assert.That(() => call(), Throws.InstanceOf<ArgumentException>());

    private static Task AssertRefusedAsync(Func<Task> call) =>
        Assert.ThatAsync(() => call(), Throws.InstanceOf<ArgumentException>());

    /// <summary>Fails the fact if a call reaches the store.</summary>
    private sealed class UnreachableStore(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default) =>
            throw new AssertionException("The create reached the store; the manager must refuse it.");

        public override Task<SessionTerminationResult> TerminateAsync(
            SessionTermination termination, CancellationToken cancellationToken = default) =>
            throw new AssertionException("The termination reached the store; the manager must refuse it.");

        public override Task<IReadOnlyList<Session>> ListAsync(
            SessionListing listing, DateTimeOffset now, CancellationToken cancellationToken = default) =>
            throw new AssertionException("The list reached the store; the manager must refuse it.");
    }
}
