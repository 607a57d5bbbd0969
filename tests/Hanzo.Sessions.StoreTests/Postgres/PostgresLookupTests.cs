using Hanzo.Sessions.Testing;
using Npgsql;

namespace Hanzo.Sessions.StoreTests.Postgres;

/// <summary>Lookups that share a statement do not share their misfortune.</summary>
public sealed class PostgresLookupTests
{
    [Test, Description("V6")]
    [TestCase("ended_by = 'by hand'", typeof(FormatException))]
    [TestCase("organization = 'a/b'", typeof(ArgumentException))]
    [TestCase("idle_timeout_ms = 9223372036854775807", typeof(ArgumentOutOfRangeException))]
    [TestCase("created_at = '20000-01-01'", typeof(InvalidCastException))]
    public async Task A_row_that_cannot_be_read_fails_only_the_lookup_that_asked_for_it(string spoiling, Type fault)
    {
        var database = await PostgresDatabase.CreateAsync();
        await using var store = database.Open();
        await store.PrepareAsync();
        var (sound, spoiled) = (TestSessions.Of(TestSessions.Alice), TestSessions.Of(TestSessions.Bob));
        await store.CreateAsync(sound);
        await store.CreateAsync(spoiled);
        await store.TerminateAsync(
            SessionFilter.Of(TestSessions.Bob), new SessionEnd(TestSessions.Start, SessionEndReason.SignedOut, null));
        await database.ExecuteAsync($"UPDATE hanzo_sessions.sessions SET {spoiling} WHERE ended_at IS NOT NULL");

        // While nobody may read the table, two go alone; the others have to wait, and go together.
        List<Task<FoundSession>> first;
        Task<FoundSession> second, third;
        await using (await database.HoldAsync("LOCK TABLE hanzo_sessions.sessions"))
        {
            first = [.. Enumerable.Range(0, 4).Select(_ => store.FindByTokenAsync(sound.TokenHash).AsTask())];
            second = store.FindByTokenAsync(spoiled.TokenHash).AsTask();
            third = store.FindByTokenAsync(sound.TokenHash).AsTask();
        }

        Assert.That(() => second, Throws.TypeOf(fault));
        Assert.That((await Task.WhenAll([.. first, third])).Select(found => found.Session?.Id), Is.All.EqualTo(sound.Session.Id));
    }

    [Test, Description("V6")]
    public async Task A_lookup_in_a_locked_table_fails_as_soon_as_LockTimeout_says_and_harms_no_later_one([Values(0, 1, 2)] int before)
    {
        var database = await PostgresDatabase.CreateAsync();
        await using var store = database.Open("Maximum Pool Size=1", options => options.LockTimeout = TimeSpan.FromMilliseconds(50));
        await store.PrepareAsync();
        var creation = TestSessions.Of(TestSessions.Alice);
        await store.CreateAsync(creation);

        // Not prepared, being prepared, prepared.
        for (var lookup = 0; lookup < before; lookup++)
        {
            await store.FindByTokenAsync(creation.TokenHash);
        }

        await using (await database.HoldAsync("LOCK TABLE hanzo_sessions.sessions"))
        {
            Assert.That(
                () => store.FindByTokenAsync(creation.TokenHash).AsTask().WaitAsync(TimeSpan.FromSeconds(20)),
                Throws.TypeOf<NpgsqlException>().With.InnerException.TypeOf<TimeoutException>());
        }

        for (var lookup = 0; lookup < 3; lookup++)
        {
            Assert.That((await store.FindByTokenAsync(creation.TokenHash)).Session?.Id, Is.EqualTo(creation.Session.Id));
        }
    }
}
