using Hanzo.Sessions.Testing;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.StoreTests;

public sealed class InMemorySessionStoreTests : SessionStoreContract
{
    protected override Task<ISessionStore> OpenEmptyStoreAsync() =>
        Task.FromResult<ISessionStore>(new InMemorySessionStore(Options.Create(new HanzoSessionsOptions())));

    [Test, Description("T4 V3 the store looks at the protected session first, and at many others afterwards")]
    public async Task A_late_activity_does_not_expose_the_protected_session_to_a_termination_that_has_begun()
    {
        for (var other = 0; other < 5_000; other++)
        {
            await Store.CreateAsync(TestSessions.Of(TestSessions.Bob));
        }

        var selected = new SessionFilter { Scope = SessionScope.AllOrganizations, Application = "admin" };
        for (var round = 0; round < 200; round++)
        {
            var creation = TestSessions.Of(TestSessions.Alice).In("admin");
            await Store.CreateAsync(creation);
            var session = creation.Session;
            var end = new SessionEnd(session.ActiveUntil.AddMinutes(1), SessionEndReason.TerminatedByAdmin, SessionActor.Service("a test"));
            var terminating = Task.Run(() => Store.TerminateAsync(selected, end, session.Id));
            Thread.SpinWait(round * 100);
            var touched = await Store.TouchAsync(session.TouchAt(session.ActiveUntil.AddSeconds(-1)));
            await terminating;

            SessionEndReason? timeout = touched.IsActive ? null : SessionEndReason.IdleTimeout;
            Assert.That((await Store.FindAsync(session.Id)).Session!.End?.Reason, Is.EqualTo(timeout), $"round {round}");
            await Store.TerminateAsync(SessionFilter.Of(TestSessions.Alice), end);
        }
    }
}
