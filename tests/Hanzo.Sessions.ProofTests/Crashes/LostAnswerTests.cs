namespace Hanzo.Sessions.ProofTests.Crashes;

/// <summary>The connection breaks after COMMIT was carried out and before its answer arrives.</summary>
public sealed class LostAnswerTests
{
    private PostgresDatabase _database = null!;
    private PostgresProxy _proxy = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        _database = await PostgresDatabase.CreateAsync();
        _proxy = new PostgresProxy(_database.ConnectionString);
        await using var owner = _database.Open();
        await owner.PrepareAsync();
    }

    [TearDown]
    public async Task CloseAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }
    }

    [Test, Description("C1 T8 T10: an operation whose answer was lost is done once and answered as what it was")]
    public async Task An_operation_whose_answer_is_lost_is_done_once_and_says_so()
    {
        await using var store = PostgresDatabase.OpenAs(_proxy.ConnectionString);
        var rounds = new LostAnswerRounds(_proxy, store);
        for (var round = 0; round < Proof.Scale(5, 100); round++)
        {
            await rounds.RunAsync($"user{round}");
        }

        Figures.Report($"PostgreSQL answers to COMMIT lost: {rounds}");
        Assert.That(rounds.Violations, Is.Empty);
    }

    [Test, Description("Mutant: what failed is simply tried again")]
    public async Task A_store_that_simply_tries_again_is_caught([Values] bool withFreshSession)
    {
        await using var store = PostgresDatabase.OpenAs(_proxy.ConnectionString, configure: options => options.Retries = 0);
        var rounds = new LostAnswerRounds(_proxy, new NaiveStore(store, withFreshSession));
        await rounds.RunAsync("user");
        Figures.Report($"mutant tries again (fresh session: {withFreshSession}): caught={rounds.Violations.Count > 0}");
        Assert.That(rounds.Violations, Is.Not.Empty);
    }
}
