namespace Hanzo.Sessions.Tests;

public sealed class ValidationTests
{
    private const string NobodysToken = "hs1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [TestCase(null, SessionStatus.Malformed, Description = "V1 malformed")]
    [TestCase("", SessionStatus.Malformed, Description = "V1 malformed")]
    [TestCase("hs1_short", SessionStatus.Malformed, Description = "V1 malformed")]
    [TestCase(NobodysToken, SessionStatus.Unknown, Description = "V1 unknown")]
    public async Task A_token_of_no_session_is_answered_without_one(string? token, SessionStatus status)
    {
        var answer = await new Harness().Manager.ValidateAsync(token);

        Assert.That(answer, Is.EqualTo(new SessionValidation(status, null)));
        Assert.That(answer.IsActive, Is.False);
    }

    [TestCase(1, SessionStatus.IdleTimeout, SessionEndReason.IdleTimeout, 1, Description = "V1 idle timeout")]
    [TestCase(24, SessionStatus.Expired, SessionEndReason.Expired, 24, Description = "V1 expired")]
    public async Task A_session_that_is_over_is_answered_with_when_and_why(int idleHours, SessionStatus status, SessionEndReason reason, int hours)
    {
        var it = new Harness(options => options.IdleTimeout = TimeSpan.FromHours(idleHours));
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromHours(30));

        var answer = await it.Validate(issued);

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(answer.Session!.End, Is.EqualTo(new SessionEnd(issued.Session.CreatedAt.AddHours(hours), reason, null)));
    }

    [Test, Description("V1 terminated, with reason")]
    public async Task A_terminated_session_is_answered_with_when_why_and_by_whom()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(Ms);
        await it.Manager.TerminateUserAsync(Ada, SessionEndReason.UserDisabled, SessionActor.Service("hr"));

        var answer = await it.Validate(issued);

        Assert.That(answer.Status, Is.EqualTo(SessionStatus.Terminated));
        Assert.That(answer.Session!.End, Is.EqualTo(new SessionEnd(it.Now, SessionEndReason.UserDisabled, SessionActor.Service("hr"))));
    }

    [TestCase(true, Description = "V1 no claims of an ended session")]
    [TestCase(false, Description = "V1 no claims of a timed-out session")]
    public async Task A_session_that_is_over_is_answered_without_its_payload(bool terminated)
    {
        var it = new Harness();
        var issued = await it.Manager.CreateAsync(new NewSession { User = Ada, Payload = new byte[] { 1 } });
        if (terminated)
        {
            await it.Manager.SignOutAsync(issued.Session);
        }
        else
        {
            it.Clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.That((await it.Validate(issued)).Session!.Payload.IsEmpty);
    }

    [Test, Description("V1 a purged session is unknown")]
    public async Task A_session_whose_history_was_purged_is_unknown()
    {
        var it = new Harness(options => options.HistoryRetention = TimeSpan.Zero);
        var issued = await it.SignIn();
        await it.Manager.SignOutAsync(issued.Session);
        await it.Manager.CleanUpAsync();

        Assert.That(await it.Validate(issued), Is.EqualTo(new SessionValidation(SessionStatus.Unknown, null)));
    }

    [Test, Description("V1 a session id is no token")]
    public async Task Knowing_an_id_signs_nobody_in()
    {
        var it = new Harness();
        var id = (await it.SignIn()).Session.Id.ToString();

        Assert.That((await it.Manager.ValidateAsync(id)).Status, Is.EqualTo(SessionStatus.Malformed));
        Assert.That((await it.Manager.ValidateAsync("hs1_" + id)).Status, Is.EqualTo(SessionStatus.Malformed));
    }

    [Test, Description("V4 termination is immediate, also for another manager on the same store")]
    public async Task A_termination_holds_for_every_manager_on_the_store()
    {
        var here = new Harness();
        var there = new Harness(wrap: _ => here.Store);
        var issued = await here.SignIn();
        Assert.That(await here.StatusOf(issued), Is.EqualTo(SessionStatus.Active));

        await there.Manager.TerminateAsync(Scope, issued.Session.Id, Service);

        Assert.That(await here.StatusOf(issued), Is.EqualTo(SessionStatus.Terminated));
    }
}
