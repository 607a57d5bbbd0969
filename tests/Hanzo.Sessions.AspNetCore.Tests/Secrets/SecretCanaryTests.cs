namespace Hanzo.Sessions.AspNetCore.Tests.Secrets;

/// <summary>No token and no hash of one comes out anywhere but where it is handed out.</summary>
public sealed class SecretCanaryTests
{
    private readonly SqliteFolder _folder = new();

    [OneTimeTearDown]
    public void DeleteFiles() => _folder.Delete();

    [TestCase("memory")]
    [TestCase("SQLite")]
    [TestCase("PostgreSQL")]
    [Description("C1 I2 no secret in a log, metric, trace, event, exception, answer, text or table, after everything was used; and each planted leak is found")]
    public async Task No_secret_comes_out_anywhere_and_every_planted_leak_is_found(string kind)
    {
        var run = await SecretRun.RunAsync(await StoreAsync(kind));

        Assert.That(run.Routes.Used, Is.SupersetOf(run.Routes.All), "every route was used");
        string[] places = ["answer", "event", "exception", "log", "metric", "text", "trace"];
        Assert.That(run.Evidence.Places, Is.SupersetOf(kind is "memory" ? places : [.. places, "table"]));
        Assert.That(run.Evidence.Tokens, Is.GreaterThan(200));
        Assert.That(run.TokensInBodies, Is.GreaterThan(0), "bearer tokens were issued");
        Assert.That(run.Evidence.Hits(), Is.Empty);

        var mutants = SecretMutant.All.Where(it => kind is not "memory" || !it.Hit.StartsWith("table", StringComparison.Ordinal)).ToList();
        List<string> missed = [];
        foreach (var mutant in mutants)
        {
            var leaking = await SecretRun.RunAsync(await StoreAsync(kind), mutant);
            if (!leaking.Evidence.Hits().Contains(mutant.Hit, StringComparer.Ordinal))
            {
                missed.Add($"{mutant}: found {string.Join(", ", leaking.Evidence.Hits())} and not {mutant.Hit}");
            }
        }

        Assert.That(missed, Is.Empty);
        Figures.Report(
            $"secrets {kind}: places={run.Evidence.Places.Count} routes={run.Routes.All.Count} tokens={run.Evidence.Tokens} "
            + $"searched={run.Evidence.Texts} hits=0 mutants={mutants.Count}/{mutants.Count}");
    }

    private async Task<SecretStore> StoreAsync(string kind) => kind switch
    {
        "SQLite" => SecretStore.Sqlite(_folder),
        "PostgreSQL" => await SecretStore.PostgresAsync(),
        _ => SecretStore.Memory(),
    };
}
