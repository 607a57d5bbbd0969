namespace Hanzo.Sessions.Tests;

public sealed class PassiveValidationTests
{
    [Test, Description("V8 no activity")]
    public async Task A_passive_validation_writes_no_activity()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromMinutes(30));

        var answer = await it.Validate(issued, passive: true);

        Assert.That(answer.IsActive);
        Assert.That(await it.Stored(issued), Is.EqualTo(issued.Session));
    }

    [Test, Description("V8 an idle tab whose page refreshes itself still times out")]
    public async Task An_idle_tab_whose_page_refreshes_itself_still_times_out()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        for (var seconds = 0; seconds < 3_600; seconds += 10)
        {
            Assert.That(await it.StatusOf(issued, passive: true), Is.EqualTo(SessionStatus.Active));
            it.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.That(await it.StatusOf(issued, passive: true), Is.EqualTo(SessionStatus.IdleTimeout));
    }

    [Test, Description("V8, V7 a passive validation ends what is over")]
    public async Task A_passive_validation_ends_a_session_that_is_over()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromHours(1));
        await it.Validate(issued, passive: true);

        Assert.That((await it.Stored(issued)).End!.Reason, Is.EqualTo(SessionEndReason.IdleTimeout));
    }
}
