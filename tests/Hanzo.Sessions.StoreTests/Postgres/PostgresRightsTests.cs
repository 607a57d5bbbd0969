using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.Testing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hanzo.Sessions.StoreTests.Postgres;

/// <summary>The rights that docs/Operations.md asks for are enough.</summary>
public sealed class PostgresRightsTests
{
    [Test, Description("DOCS what docs/Operations.md grants, where another role has made the schema")]
    public async Task A_role_with_the_documented_rights_and_no_others_does_all_that_the_library_does()
    {
        var database = await PostgresDatabase.CreateAsync();
        await using (var owner = database.Open())
        {
            await owner.PrepareAsync();
        }

        var clock = new TestClock();
        await using var store = await OpenAsAppAsync(database, DocumentedRights(), clock);
        await UseAsync(store, clock);
    }

    [Test, Description("DOCS the right to create in the database is enough to make the schema at start")]
    public async Task A_role_that_may_create_in_the_database_makes_the_schema_and_uses_it()
    {
        var database = await PostgresDatabase.CreateAsync();
        var name = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database;

        var clock = new TestClock();
        await using var store = await OpenAsAppAsync(database, $"GRANT CREATE ON DATABASE {name} TO app;", clock);
        await UseAsync(store, clock);
    }

    private static string DocumentedRights() =>
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "Operations.md")).Split("```sql role=app\n")[1].Split("```")[0];

    private static async Task<PostgresSessionStore> OpenAsAppAsync(PostgresDatabase database, string rights, TestClock clock)
    {
        var role = $"role_{Guid.NewGuid():N}"; // roles are the server's, and other tests make theirs
        await database.ExecuteAsync(
            $"CREATE ROLE {role} LOGIN PASSWORD 'secret'; {rights.Replace(" TO app;", $" TO {role};", StringComparison.Ordinal)}");
        return PostgresDatabase.OpenAs(
            new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = role, Password = "secret" }.ConnectionString,
            clock: clock);
    }

    private static async Task UseAsync(PostgresSessionStore store, TestClock clock)
    {
        await store.PrepareAsync();
        var sessions = new SessionManager(store, Options.Create(new HanzoSessionsOptions()), clock, []);
        var alices = new SessionQuery { Filter = SessionFilter.Of(TestSessions.Alice) };
        var (phone, laptop, tablet) = (await SignInAsync(sessions), await SignInAsync(sessions), await SignInAsync(sessions));
        clock.Advance(TimeSpan.FromMinutes(10));

        Assert.That((await sessions.ValidateAsync(phone.Token.Reveal(), passive: true)).IsActive, Is.True);
        Assert.That((await sessions.RecordUseAsync(phone.Session, default))?.LastActiveAt, Is.EqualTo(clock.GetUtcNow()));
        Assert.That((await store.FindAsync(phone.Session.Id)).Session?.LastActiveAt, Is.EqualTo(clock.GetUtcNow()));
        Assert.That(await sessions.RotateAsync(phone.Token.Reveal()), Is.Not.Null);
        Assert.That((await sessions.ListAsync(alices)).Items, Has.Count.EqualTo(3));
        Assert.That((await sessions.ListRecordsAsync(alices)).Items, Has.Count.EqualTo(1));
        Assert.That((await sessions.ListIpSpreadAsync(SessionScope.Of("acme"))).CountedAt, Is.EqualTo(clock.GetUtcNow()));
        Assert.That(await sessions.TerminateAsync(TestSessions.Alice, laptop.Session.Id, SessionCaller.Service("a test")), Is.Not.Null);
        Assert.That((await sessions.ListHistoryAsync(alices)).Items, Has.Count.EqualTo(1));

        clock.Advance(TimeSpan.FromHours(2));
        Assert.That((await sessions.ValidateAsync(tablet.Token.Reveal())).Status, Is.EqualTo(SessionStatus.IdleTimeout));
        Assert.That(await sessions.CleanUpAsync(), Is.EqualTo(new SessionCleanupResult(1, 0)));
        clock.Advance(TimeSpan.FromDays(31));
        Assert.That(await sessions.CleanUpAsync(), Is.EqualTo(new SessionCleanupResult(0, 3)));
        Assert.That((await store.InspectAsync()).SchemaVersion, Is.EqualTo(1));
    }

    private static Task<IssuedSession> SignInAsync(SessionManager sessions) =>
        sessions.CreateAsync(new NewSession { User = TestSessions.Alice });
}
