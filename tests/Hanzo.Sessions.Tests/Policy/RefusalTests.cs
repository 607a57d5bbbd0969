namespace Hanzo.Sessions.Tests;

public sealed class RefusalTests
{
    [Test, Description("C4 its own exception, event and log line")]
    public async Task A_refusal_is_announced_as_what_it_is()
    {
        var it = new Harness(options => options.MaxSessions = 1);
        await it.SignIn();
        it.Log.Lines.Clear();

        var refusal = await Assert.ThrowsAsync<SessionLimitExceededException>(() => it.SignIn());

        Assert.That(it.Observed.Refused, Is.EqualTo(new[] { refusal }));
        Assert.That(it.Observed.Created, Has.Count.EqualTo(1));
        Assert.That(it.Log.Texts, Is.EqualTo(new[] { "A sign-in of hanzo/ada was refused: 1 sessions are active, the limit is 1." }));
    }

    [Test, Description("C4 not an error of the host's password check")]
    public void A_refusal_is_no_argument_and_no_access_error() =>
        Assert.That(typeof(SessionLimitExceededException).BaseType, Is.EqualTo(typeof(InvalidOperationException)));
}
