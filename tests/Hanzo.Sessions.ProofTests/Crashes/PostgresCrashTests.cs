namespace Hanzo.Sessions.ProofTests.Crashes;

/// <summary>PostgreSQL is killed under a manager that stays and goes on.</summary>
public sealed class PostgresCrashTests
{
    // The store's own text, with which it raises the durability of a commit, made ineffective.
    private static readonly (string Text, string By) KeepDurabilityOff = ("ARRAY['off', 'local']", "ARRAY['???', 'local']");

    [Test, Description("T8 C1 V6 U5 U7: what was answered holds when a connection's process is killed")]
    public async Task A_killed_backend_loses_nothing_that_was_answered()
    {
        await using var crash = await PostgresCrash.StartAsync();
        var verdict = await crash.RunAsync(Proof.Scale(10, 60), it => it.KillBackendAsync(), Proof.Seed);
        verdict.AssertNothingLost("PostgreSQL backend killed");
    }

    [Test, Description("T8 C1 V6 U5 U7: what was answered holds when the server is killed")]
    public async Task A_killed_server_loses_nothing_that_was_answered()
    {
        await using var crash = await PostgresCrash.StartAsync();
        var verdict = await crash.RunAsync(Proof.Scale(5, 40), it => it.KillServerAsync(), Proof.Seed);
        verdict.AssertNothingLost("PostgreSQL server killed");
    }

    [Test, Description("T8: a role whose default gives commits up in a crash does not weaken the promise")]
    public async Task With_synchronous_commit_off_as_the_roles_default_a_killed_backend_loses_nothing_either()
    {
        await using var crash = await PostgresCrash.StartAsync("synchronous_commit = off");
        var verdict = await crash.RunAsync(Proof.Scale(5, 40), it => it.KillBackendAsync(), Proof.Seed);
        verdict.AssertNothingLost("PostgreSQL backend killed, role with synchronous_commit=off");
    }

    [Test, Description("Mutant: the store does not raise synchronous_commit")]
    public async Task Without_the_stores_own_setting_the_same_loses_what_was_answered()
    {
        await using var crash = await PostgresCrash.StartAsync("synchronous_commit = off", KeepDurabilityOff);
        var verdict = await crash.RunAsync(20, it => it.KillBackendAsync(), Proof.Seed, until: it => it.Lost > 0);
        Figures.Report($"mutant synchronous_commit not raised: caught={verdict.Lost > 0} {verdict} seed={Proof.Seed}");
        Assert.That(verdict.Lost, Is.Positive, Proof.Replay);
    }

    [Test, Description("Mutant: a termination that fails is answered as done")]
    public async Task A_store_that_swallows_failures_is_caught()
    {
        await using var crash = await PostgresCrash.StartAsync(bug: store => new SwallowingStore(store));
        var verdict = await crash.RunAsync(10, it => it.KillServerAsync(), Proof.Seed, until: it => it.Violations.Count > 0);
        Figures.Report($"mutant failures swallowed: caught={verdict.Violations.Count > 0} {verdict} seed={Proof.Seed}");
        Assert.That(verdict.Violations, Is.Not.Empty, Proof.Replay);
    }
}
