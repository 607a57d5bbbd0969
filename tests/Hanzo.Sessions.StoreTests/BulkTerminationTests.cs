using Hanzo.Sessions.Testing;

namespace Hanzo.Sessions.StoreTests;

/// <summary>Where nobody cleans up there may be millions of sessions whose time is up: a bulk termination must not wait for them.</summary>
[TestFixture("memory")]
[TestFixture("SQLite")]
[TestFixture("PostgreSQL")]
public sealed class BulkTerminationTests(string kind)
{
    private readonly SqliteFolder _folder = new();

    [OneTimeTearDown]
    public void DeleteFiles() => _folder.Delete();

    [Test, Description("T6 K1 what has been over for long is left to clean-up, unless one user's or one session is ended")]
    public async Task Ending_everybody_leaves_what_has_been_over_for_more_than_ten_minutes_to_clean_up()
    {
        var store = await StoreOfKind.OpenAsync(kind, _folder);
        await using var closing = store as IAsyncDisposable;
        var at = TestSessions.Start.AddMinutes(90);
        SessionCreation[] creations =
        [
            TestSessions.Of(TestSessions.Alice).At(at.AddMinutes(-70)), TestSessions.Of(TestSessions.Alice).At(at.AddMinutes(-69)),
            TestSessions.Of(TestSessions.Alice).At(at.AddMinutes(-1)), TestSessions.Of(TestSessions.Bob).At(at.AddMinutes(-80)),
        ];
        foreach (var creation in creations)
        {
            await store.CreateAsync(creation with { Limit = null });
        }

        var end = new SessionEnd(at, SessionEndReason.TerminatedByAdmin, SessionActor.Service("nightly"));
        var everybody = await store.TerminateAsync(new SessionTermination
        {
            Filter = SessionFilter.Of(SessionScope.AllOrganizations),
            End = end,
            TimedOutSince = at.AddMinutes(-10),
        });
        var alice = await store.TerminateAsync(SessionFilter.Of(TestSessions.Alice), end);
        var bob = await store.TerminateAsync(new SessionFilter { Scope = SessionScope.Of("acme"), Id = creations[3].Session.Id }, end);

        Assert.That(everybody.Ended.Select(it => it.Id), Is.EquivalentTo(new[] { creations[1].Session.Id, creations[2].Session.Id }));
        Assert.That(alice.Ended.Select(it => it.Id), Is.EqualTo(new[] { creations[0].Session.Id }));
        Assert.That(bob.Ended.Select(it => it.Id), Is.EqualTo(new[] { creations[3].Session.Id }));
    }
}
