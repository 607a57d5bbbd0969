using Hanzo.Sessions.Testing;

namespace Hanzo.Sessions.StoreTests.Postgres;

/// <summary>Sessions are filed by when they can be over, and filed anew when clean-up finds that they were active.</summary>
public sealed class PostgresCleanupTests
{
    [Test, Description("K1")]
    public async Task Clean_up_finds_the_few_that_are_over_behind_thousands_that_were_active_since()
    {
        var database = await PostgresDatabase.CreateAsync();
        await using var store = database.Open();
        await store.PrepareAsync();
        var now = TestSessions.Start;
        await database.ExecuteAsync(
            $"""
            INSERT INTO hanzo_sessions.sessions (
                id, token_hash, organization, user_name, application, created_at, last_active_at, idle_timeout_ms, expires_at,
                active_until, due_at)
            SELECT
                gen_random_uuid(), sha256(number::text::bytea), 'acme', 'alice', 'shop', now.at - interval '2 hours',
                now.at - interval '2 hours', 3600000, now.at + interval '1 day',
                CASE WHEN number % 500 = 499 THEN now.at ELSE now.at + interval '1 ms' END, now.at - interval '1 s' * (5000 - number)
            FROM generate_series(0, 4999) AS number, (VALUES (timestamptz '{now:O}')) AS now(at)
            """);

        Assert.That(await store.ExpireBatchAsync(now, 7), Has.Count.EqualTo(7));
        Assert.That(await store.ExpireBatchAsync(now, 7), Has.Count.EqualTo(3));
        Assert.That(await store.ExpireBatchAsync(now, 7), Is.Empty);
        Assert.That(
            await database.ExecuteAsync($"SELECT count(*) FROM hanzo_sessions.sessions WHERE due_at <= '{now:O}'"), Is.Zero, "still due");
        Assert.That(await store.ExpireBatchAsync(now.AddMilliseconds(1), 10_000), Has.Count.EqualTo(4990));
    }

    [Test, Description("V3")]
    public async Task Writing_an_activity_down_changes_no_index()
    {
        var database = await PostgresDatabase.CreateAsync();
        await using var store = database.Open();
        await store.PrepareAsync();
        Assert.That(
            await database.ExecuteAsync(
                """
                SELECT count(*) FROM pg_index
                WHERE indrelid = 'hanzo_sessions.sessions'::regclass
                    AND pg_get_indexdef(indexrelid) ~ 'last_active_at|active_until'
                """),
            Is.Zero);
    }
}
