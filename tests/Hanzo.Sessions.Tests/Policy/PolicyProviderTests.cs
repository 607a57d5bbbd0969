namespace Hanzo.Sessions.Tests;

public sealed class PolicyProviderTests
{
    [Test, Description("C6 asked once per sign-in, for the user and the application")]
    public async Task A_provider_is_asked_once_per_sign_in()
    {
        var policies = new Policies();
        var it = new Harness(options => options.DefaultApplication = "portal", policies: policies);

        await it.SignIn(Ada, application: "shop");
        await it.SignIn(Ben, application: null);

        Assert.That(policies.Asked, Is.EqualTo(new[] { (Ada, "shop"), (Ben, "portal") }));
    }

    [Test, Description("C6 a provider gets the policy of the options")]
    public async Task A_provider_starts_from_the_policy_of_the_options()
    {
        var policies = new Policies();
        SessionPolicy? defaults = null;
        policies.Change = policy => defaults = policy;
        var it = new Harness(options => options.MaxSessions = 7, policies: policies);

        await it.SignIn();

        Assert.That(defaults, Is.EqualTo(new SessionPolicy { MaxSessions = 7 }));
    }

    [Test, Description("C6 limit and timeouts of another policy")]
    public async Task A_session_gets_the_timeouts_of_its_own_policy()
    {
        var policies = new Policies
        {
            Change = policy => policy with { IdleTimeout = TimeSpan.FromMinutes(5), AbsoluteTimeout = TimeSpan.FromHours(1), MaxSessions = 1 },
        };
        var it = new Harness(policies: policies);

        var session = (await it.SignIn()).Session;

        Assert.That(session.IdleTimeout, Is.EqualTo(TimeSpan.FromMinutes(5)));
        Assert.That(session.ExpiresAt, Is.EqualTo(it.Now.AddHours(1)));
        await Assert.ThrowsAsync<SessionLimitExceededException>(() => it.SignIn());
    }

    [TestCase(3_599_999, SessionStatus.Active, Description = "C6 the old timeout counts")]
    [TestCase(3_600_000, SessionStatus.IdleTimeout, Description = "C6 the old timeout counts")]
    public async Task A_session_keeps_the_timeouts_it_was_created_with(int milliseconds, SessionStatus status)
    {
        var policies = new Policies();
        var it = new Harness(policies: policies);
        var issued = await it.SignIn();
        policies.Change = policy => policy with { IdleTimeout = TimeSpan.FromMinutes(1), AbsoluteTimeout = TimeSpan.FromMinutes(1) };
        it.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        Assert.That(await it.StatusOf(issued), Is.EqualTo(status));
    }

    [Test, Description("C6 the limit that counts is that of the session being created, against all sessions in its scope")]
    public async Task The_limit_of_the_new_session_counts_the_sessions_of_other_policies_too()
    {
        var policies = new Policies();
        var it = new Harness(policies: policies);
        await it.SignIn(3);
        policies.Change = policy => policy with { MaxSessions = 3 };
        await Assert.ThrowsAsync<SessionLimitExceededException>(() => it.SignIn());
        policies.Change = policy => policy with { MaxSessions = 4 };

        await Assert.DoesNotThrowAsync(() => it.SignIn());
    }

    [Test, Description("C6 a policy out of range is refused")]
    public async Task A_policy_out_of_range_is_refused_with_all_its_faults()
    {
        var policies = new Policies { Change = policy => policy with { IdleTimeout = TimeSpan.Zero, MaxSessions = 0 } };
        var it = new Harness(policies: policies);

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => it.SignIn());

        Assert.That(fault!.Message, Is.EqualTo(
            "The policy from Hanzo.Sessions.Tests.Policies is out of range. "
            + "IdleTimeout is 00:00:00; it must be from 00:00:01 to 3650.00:00:00. "
            + "MaxSessions is 0; it must be from 1 to 1000000."));
        Assert.That(await it.ActiveIds(), Is.Empty);
    }

    [Test, Description("C6 a provider's own failure is the caller's")]
    public async Task A_provider_that_fails_lets_nobody_in()
    {
        var policies = new Policies { Change = _ => throw new TimeoutException("no plan") };
        var it = new Harness(policies: policies);

        await Assert.ThatAsync(() => it.SignIn(), Throws.TypeOf<TimeoutException>().With.Message.EqualTo("no plan"));
        Assert.That(await it.ActiveIds(), Is.Empty);
    }

    [Test, Description("C6 remember me has by default the ordinary timeouts")]
    public async Task A_persistent_sign_in_lasts_as_long_as_any_other_by_default()
    {
        var it = new Harness();

        var session = (await it.Manager.CreateAsync(new NewSession { User = Ada, IsPersistent = true })).Session;

        Assert.That(session.IdleTimeout, Is.EqualTo(TimeSpan.FromMinutes(60)));
        Assert.That(session.ExpiresAt, Is.EqualTo(it.Now.AddHours(24)));
    }

    [TestCase(false, 60, 24, Description = "C6 not persistent")]
    [TestCase(true, 7 * 24 * 60, 30 * 24, Description = "C6 persistent")]
    public async Task A_persistent_sign_in_can_have_timeouts_of_its_own(bool persistent, int idleMinutes, int absoluteHours)
    {
        var it = new Harness(options =>
        {
            options.PersistentIdleTimeout = TimeSpan.FromDays(7);
            options.PersistentAbsoluteTimeout = TimeSpan.FromDays(30);
        });

        var session = (await it.Manager.CreateAsync(new NewSession { User = Ada, IsPersistent = persistent })).Session;

        Assert.That(session.IdleTimeout, Is.EqualTo(TimeSpan.FromMinutes(idleMinutes)));
        Assert.That(session.ExpiresAt, Is.EqualTo(it.Now.AddHours(absoluteHours)));
    }

    [Test, Description("C6 the quota is that of the policy")]
    public async Task The_quota_counts_as_the_next_sign_in_would()
    {
        var policies = new Policies();
        var it = new Harness(policies: policies);
        await it.SignIn(2, application: "a");
        await it.SignIn(1, application: "b");

        Assert.That(await it.Manager.GetQuotaAsync(Ada, "a"), Is.EqualTo(new SessionQuota(3, 10)));
        policies.Change = policy => policy with { MaxSessions = 5, LimitScope = SessionLimitScope.UserAndApplication };
        Assert.That(await it.Manager.GetQuotaAsync(Ada, "a"), Is.EqualTo(new SessionQuota(2, 5)));
        policies.Change = policy => policy with { MaxSessions = null };
        Assert.That(await it.Manager.GetQuotaAsync(Ada, "a"), Is.EqualTo(new SessionQuota(3, null)));
    }
}
