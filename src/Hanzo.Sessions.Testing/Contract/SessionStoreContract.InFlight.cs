using NUnit.Framework;

namespace Hanzo.Sessions.Testing;

/// <content>A gate holds one call halfway while another call completes.</content>
public abstract partial class SessionStoreContract
{
    [Test, Description("V4")]
    public async Task A_session_terminated_while_its_validation_is_in_flight_is_not_revived()
    {
        var clock = new StoppedClock(Start);
        var gate = new GatedStore.Gate();
        var manager = Manager(new GatedStore(Store) { BeforeTouch = gate }, clock);
        var issued = await manager.CreateAsync(new NewSession { User = Alice });
        clock.Advance(TimeSpan.FromMinutes(5));
        var validating = manager.ValidateAsync(issued.Token.Reveal()).AsTask();
        await gate.ReachedAsync();
        await manager.TerminateAllAsync(Alice, SessionCaller.Service("admin"));
        gate.Open();
        var answer = await validating;

        Assert.That(answer.Status, Is.EqualTo(SessionStatus.Terminated));
        Assert.That(answer.Session?.End?.Reason, Is.EqualTo(SessionEndReason.TerminatedByAdmin));
        Assert.That((await manager.ValidateAsync(issued.Token.Reveal())).Status, Is.EqualTo(SessionStatus.Terminated));
        Assert.That(await ActiveAsync(Minute(5)), Is.Empty);
    }

    [Test, Description("V4")]
    public async Task A_validation_whose_activity_came_first_does_not_keep_the_session_from_ending()
    {
        var clock = new StoppedClock(Start);
        var gate = new GatedStore.Gate();
        var manager = Manager(new GatedStore(Store) { AfterTouch = gate }, clock);
        var issued = await manager.CreateAsync(new NewSession { User = Alice });
        clock.Advance(TimeSpan.FromMinutes(5));
        var validating = manager.ValidateAsync(issued.Token.Reveal()).AsTask();
        await gate.ReachedAsync();
        var ended = await manager.TerminateAllAsync(Alice, SessionCaller.Service("admin"));
        gate.Open();

        Assert.That(Ids(ended), Is.EqualTo(Ids([issued.Session])));
        Assert.That((await validating).Status, Is.EqualTo(SessionStatus.Active), "it began before the termination");
        Assert.That((await manager.ValidateAsync(issued.Token.Reveal())).Status, Is.EqualTo(SessionStatus.Terminated));
        Assert.That((await Store.FindAsync(issued.Session.Id)).Session?.LastActiveAt, Is.EqualTo(Minute(5)));
    }

    [Test, Description("V4 T10")]
    public async Task A_validation_in_flight_while_its_token_is_rotated_answers_that_the_old_token_is_dead()
    {
        var clock = new StoppedClock(Start);
        var gate = new GatedStore.Gate();
        var manager = Manager(new GatedStore(Store) { BeforeTouch = gate }, clock);
        var issued = await manager.CreateAsync(new NewSession { User = Alice });
        clock.Advance(TimeSpan.FromMinutes(5));
        var validating = manager.ValidateAsync(issued.Token.Reveal()).AsTask();
        await gate.ReachedAsync();
        var rotated = await manager.RotateAsync(issued.Token.Reveal());
        gate.Open();
        await validating;

        Assert.That((await manager.ValidateAsync(issued.Token.Reveal())).Status, Is.EqualTo(SessionStatus.Unknown));
        Assert.That((await manager.ValidateAsync(rotated!.Token.Reveal())).Status, Is.EqualTo(SessionStatus.Active));
    }

    [Test, Description("T5")]
    public async Task A_create_that_was_committed_but_not_answered_is_ended_with_all_the_others()
    {
        var gate = new GatedStore.Gate();
        var manager = Manager(new GatedStore(Store) { AfterCreate = gate }, new StoppedClock(Start));
        var before = await AddAsync(TestSessions.Of(Alice));
        var creating = manager.CreateAsync(new NewSession { User = Alice });
        await gate.ReachedAsync();
        var ended = await manager.TerminateAllAsync(Alice, SessionCaller.Service("admin"));
        gate.Open();
        var issued = await creating;

        Assert.That(Ids(ended), Is.EquivalentTo(new[] { before.Session.Id, issued.Session.Id }));
        Assert.That((await manager.ValidateAsync(issued.Token.Reveal())).Status, Is.EqualTo(SessionStatus.Terminated));
    }

    [Test, Description("T5")]
    public async Task A_create_that_comes_after_the_end_of_all_sessions_is_a_new_sign_in()
    {
        var gate = new GatedStore.Gate();
        var manager = Manager(new GatedStore(Store) { BeforeCreate = gate }, new StoppedClock(Start));
        var before = await AddAsync(TestSessions.Of(Alice));
        var creating = manager.CreateAsync(new NewSession { User = Alice });
        await gate.ReachedAsync();
        var ended = await manager.TerminateAllAsync(Alice, SessionCaller.Service("admin"));
        gate.Open();
        var issued = await creating;

        Assert.That(Ids(ended), Is.EqualTo(Ids([before])));
        Assert.That((await manager.ValidateAsync(issued.Token.Reveal())).Status, Is.EqualTo(SessionStatus.Active));
    }

    [Test, Description("V7 K1")]
    public async Task A_validation_that_finds_a_timeout_and_a_clean_up_end_the_session_once()
    {
        var clock = new StoppedClock(Start);
        var gate = new GatedStore.Gate();
        var manager = Manager(new GatedStore(Store) { BeforeExpire = gate }, clock);
        var issued = await manager.CreateAsync(new NewSession { User = Alice });
        clock.Advance(TimeSpan.FromMinutes(60));
        var validating = manager.ValidateAsync(issued.Token.Reveal()).AsTask();
        await gate.ReachedAsync();
        var (ended, _) = await manager.CleanUpAsync();
        gate.Open();

        Assert.That(ended, Is.EqualTo(1));
        Assert.That((await validating).Status, Is.EqualTo(SessionStatus.IdleTimeout));
        Assert.That((await Store.FindAsync(issued.Session.Id)).Session?.End?.At, Is.EqualTo(Minute(60)));
    }

    [Test, Description("V7 V3")]
    public async Task A_validation_that_finds_a_timeout_too_early_for_a_touched_session_answers_active()
    {
        var clock = new StoppedClock(Start);
        var gate = new GatedStore.Gate();
        var manager = Manager(new GatedStore(Store) { BeforeExpire = gate }, clock);
        var issued = await manager.CreateAsync(new NewSession { User = Alice });
        clock.Advance(TimeSpan.FromMinutes(60));
        var validating = manager.ValidateAsync(issued.Token.Reveal()).AsTask();
        await gate.ReachedAsync();
        await Store.TouchAsync(issued.Session.TouchAt(Minute(60) - Millisecond));
        gate.Open();

        Assert.That((await validating).Status, Is.EqualTo(SessionStatus.Active));
    }

    [Test, Description("V4 T5 T7")]
    public async Task An_activity_in_flight_does_not_prolong_a_session_that_was_to_be_ended_just_after_its_time_was_up()
    {
        Func<SessionManager, Session, Task<bool>>[] endings =
        [
            async (manager, session) => (await manager.TerminateAllAsync(session.User, SessionCaller.Service("admin"))).Count > 0,
            async (manager, session) => (await manager.TerminateUserAsync(session.User, SessionEndReason.UserDisabled, SessionActor.Service("admin"))).Count > 0,
            async (manager, session) => (await manager.TerminateOrganizationAsync("acme", SessionCaller.Service("admin"))).Count > 0,
            async (manager, session) => await manager.TerminateAsync(session.User, session.Id, SessionCaller.Service("admin")) is not null,
            (manager, session) => manager.SignOutAsync(session),
        ];
        foreach (var endAsync in endings)
        {
            var clock = new StoppedClock(Start);
            var gate = new GatedStore.Gate();
            var manager = Manager(new GatedStore(Store) { BeforeTouch = gate }, clock);
            var issued = await manager.CreateAsync(new NewSession { User = Alice });
            clock.SetUtcNow(issued.Session.ActiveUntil - Millisecond);
            var validating = manager.ValidateAsync(issued.Token.Reveal()).AsTask();
            await gate.ReachedAsync();
            clock.SetUtcNow(issued.Session.ActiveUntil);
            var hasEnded = await endAsync(manager, issued.Session);
            gate.Open();

            Assert.That(hasEnded, Is.False, "it had timed out");
            Assert.That((await validating).Status, Is.EqualTo(SessionStatus.IdleTimeout));
            Assert.That((await manager.ValidateAsync(issued.Token.Reveal())).Status, Is.EqualTo(SessionStatus.IdleTimeout));
        }
    }

    [Test, Description("T7 T8")]
    public async Task Signing_out_of_a_session_that_was_just_terminated_changes_nothing()
    {
        var gate = new GatedStore.Gate();
        var manager = Manager(new GatedStore(Store) { BeforeTerminate = gate }, new StoppedClock(Start));
        var issued = await manager.CreateAsync(new NewSession { User = Alice });
        var signingOut = manager.SignOutAsync(issued.Session);
        await gate.ReachedAsync();
        var end = new SessionEnd(Start, SessionEndReason.TerminatedByAdmin, SessionActor.Service("admin"));
        await Store.TerminateAsync(SessionFilter.Of(Alice), end);
        gate.Open();

        Assert.That(await signingOut, Is.False);
        Assert.That((await Store.FindAsync(issued.Session.Id)).Session?.End, Is.EqualTo(end));
    }
}
