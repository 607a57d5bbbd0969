using Hanzo.Sessions.Testing;

namespace Hanzo.Sessions.StoreTests.Postgres;

/// <summary>A caller who gives up harms nobody who uses the same connection next.</summary>
public sealed class PostgresInterruptionTests
{
    [Test]
    [Description("V6, T8")]
    public async Task A_caller_who_gives_up_while_statements_are_prepared_harms_no_later_call()
    {
        var database = await PostgresDatabase.CreateAsync();
        await using (var owner = database.Open())
        {
            await owner.PrepareAsync();
        }

        var random = new Random(7);
        for (var round = 0; round < 20; round++)
        {
            await using var store = database.Open("Maximum Pool Size=1");
            for (var call = 0; call < 12; call++)
            {
                using var impatient = new CancellationTokenSource();
                var given = TryAsync(() => store.CreateAsync(TestSessions.Of(TestSessions.Alice), impatient.Token));
                Thread.SpinWait(random.Next(20_000));
                await impatient.CancelAsync();
                await given;

                var next = TestSessions.Of(TestSessions.Bob);
                Assert.That((await store.CreateAsync(next)).Outcome, Is.EqualTo(SessionCreationOutcome.Created), $"round {round}, call {call}");
                Assert.That(await store.FindByTokenAsync(next.TokenHash), Is.Not.Null);
            }
        }
    }

    private static async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (OperationCanceledException)
        {
            // Given up.
        }
    }
}
