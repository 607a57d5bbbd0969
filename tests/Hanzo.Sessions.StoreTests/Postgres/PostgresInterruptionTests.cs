using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.Testing;

namespace Hanzo.Sessions.StoreTests.Postgres;

/// <summary>A caller who gives up harms nobody who uses the same connection next.</summary>
public sealed class PostgresInterruptionTests
{
    [TestCase(nameof(PostgresSessionStore.CreateAsync))]
    [TestCase(nameof(PostgresSessionStore.InspectAsync))]
    [TestCase(nameof(PostgresSessionStore.PrepareAsync))]
    [Description("V6, T8")]
    public async Task A_caller_who_gives_up_while_statements_are_prepared_harms_no_later_call(string verb)
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
                var given = TryAsync(() => CallAsync(store, verb, impatient.Token));
                Thread.SpinWait(random.Next(20_000));
                await impatient.CancelAsync();
                await given;

                await CallAsync(store, verb, CancellationToken.None);
                var next = TestSessions.Of(TestSessions.Bob);
                Assert.That((await store.CreateAsync(next)).Outcome, Is.EqualTo(SessionCreationOutcome.Created), $"round {round}, call {call}");
                Assert.That((await store.FindByTokenAsync(next.TokenHash)).Session, Is.Not.Null);
            }
        }
    }

    [Test, Description("Health: a check that gives up has an end")]
    public async Task Whoever_gives_up_asking_how_the_store_is_does_not_wait_for_the_answer()
    {
        var database = await PostgresDatabase.CreateAsync();
        await using var store = database.Open("Maximum Pool Size=1");
        await store.PrepareAsync();
        await using (await database.HoldAsync("LOCK TABLE hanzo_sessions.schema_version"))
        {
            using var impatient = new CancellationTokenSource();
            var asked = store.InspectAsync(impatient.Token);
            await Until.TrueAsync(
                async () => asked.IsCompleted || await database.ExecuteAsync(
                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())") is > 0L,
                "the question waits for the lock");
            Assert.That(asked.IsCompleted, Is.False, "it waits");
            await impatient.CancelAsync();
            Assert.That(() => asked.WaitAsync(TimeSpan.FromSeconds(20)), Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That((await store.InspectAsync()).SchemaVersion, Is.EqualTo(1));
    }

    private static Task CallAsync(PostgresSessionStore store, string verb, CancellationToken cancellationToken) => verb switch
    {
        nameof(PostgresSessionStore.InspectAsync) => store.InspectAsync(cancellationToken),
        nameof(PostgresSessionStore.PrepareAsync) => store.PrepareAsync(cancellationToken),
        _ => store.CreateAsync(TestSessions.Of(TestSessions.Alice), cancellationToken),
    };

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
