namespace Hanzo.Sessions.Tests;

public sealed class SessionLimitTests
{
    [Test, Description("C2 at most 10 by default")]
    public async Task A_user_has_at_most_ten_sessions_by_default()
    {
        var it = new Harness();
        await it.SignIn(10);

        await Assert.ThrowsAsync<SessionLimitExceededException>(() => it.SignIn());
        Assert.That(await it.ActiveIds(), Has.Count.EqualTo(10));
    }

    [Test, Description("C2 the exception says user, limit and active sessions")]
    public async Task A_refusal_carries_the_user_the_limit_and_the_active_sessions_newest_first()
    {
        var it = new Harness(options => options.MaxSessions = 2);
        var first = await it.SignIn();
        it.Clock.Advance(Ms);
        var second = await it.Manager.CreateAsync(new NewSession { User = Ada, Payload = new byte[] { 1 } });

        var refusal = (await Assert.ThrowsAsync<SessionLimitExceededException>(() => it.SignIn()))!;

        Assert.That(refusal.User, Is.EqualTo(Ada));
        Assert.That(refusal.Limit, Is.EqualTo(new SessionLimit(2, SessionLimitScope.User, SessionLimitAction.Refuse)));
        Assert.That(refusal.ActiveSessions.Select(session => session.Id), Is.EqualTo(Ids([second, first])));
        Assert.That(refusal.ActiveSessions, Has.All.Property(nameof(Session.Payload)).Property("Length").EqualTo(0));
        Assert.That(refusal.Message, Is.EqualTo("hanzo/ada has 2 active sessions, and the limit is 2."));
    }

    [Test, Description("C2 exactly N whatever the interleaving")]
    [Repeat(20)]
    public async Task Of_64_parallel_sign_ins_exactly_ten_get_in()
    {
        var it = new Harness();
        using var start = new ManualResetEventSlim();
        var attempts = Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            start.Wait();
            return await GetsIn(it);
        })).ToList();
        start.Set();

        var admitted = (await Task.WhenAll(attempts)).Count(admitted => admitted);

        Assert.That(admitted, Is.EqualTo(10));
        Assert.That(await it.ActiveIds(), Has.Count.EqualTo(10));
        Assert.That(it.Observed.Created, Has.Count.EqualTo(10));
        Assert.That(it.Observed.Refused, Has.Count.EqualTo(54));
    }

    [Test, Description("C3 the limit can be switched off")]
    public async Task Without_a_limit_nobody_is_refused()
    {
        var it = new Harness(options => options.MaxSessions = null);
        await it.SignIn(50);

        Assert.That(await it.ActiveIds(), Has.Count.EqualTo(50));
    }

    [Test, Description("C3 scope: user and application")]
    public async Task The_limit_can_be_one_for_each_application()
    {
        var it = new Harness(options => (options.MaxSessions, options.LimitScope) = (2, SessionLimitScope.UserAndApplication));
        await it.SignIn(2, application: "a");
        await it.SignIn(2, application: "b");

        var refusal = (await Assert.ThrowsAsync<SessionLimitExceededException>(() => it.SignIn(application: "b")))!;
        Assert.That(refusal.ActiveSessions, Has.All.Property(nameof(Session.Application)).EqualTo("b"));
        Assert.That(await it.ActiveIds(), Has.Count.EqualTo(4));
    }

    private static async Task<bool> GetsIn(Harness it)
    {
        try
        {
            await it.SignIn();
            return true;
        }
        catch (SessionLimitExceededException)
        {
            return false;
        }
    }
}
