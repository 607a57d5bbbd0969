using Hanzo.Sessions.Postgres;
using Npgsql;

namespace Hanzo.Sessions.StoreTests.Postgres;

/// <summary>Making the schema, and what happens when it is not there or not the right one.</summary>
public sealed class PostgresSchemaTests
{
    [Test, Description("The schema is created once by any number of servers that start together")]
    public async Task Eight_servers_that_start_on_an_empty_database_at_once_all_start()
    {
        var database = await PostgresDatabase.CreateAsync();
        var servers = Enumerable.Range(0, 8).Select(_ => database.Open()).ToList();
        await Task.WhenAll(servers.Select(server => Task.Run(() => server.PrepareAsync())));

        Assert.That(await database.ExecuteAsync("SELECT count(*) FROM hanzo_sessions.schema_version"), Is.EqualTo(1L));
        foreach (var server in servers)
        {
            Assert.That((await server.FindAsync(SessionId.New(DateTimeOffset.UnixEpoch))).Session, Is.Null);
            await server.DisposeAsync();
        }
    }

    [Test, Description("The script can be run by hand")]
    public async Task A_schema_that_was_made_by_hand_is_taken_as_it_is_by_a_role_without_the_right_to_make_one()
    {
        var database = await PostgresDatabase.CreateAsync();
        await using (var owner = database.Open())
        {
            await database.ExecuteAsync(owner.Schema.Script());
            foreach (var step in SchemaStep.All)
            {
                await database.ExecuteAsync(step.Script);
            }
        }

        await using var store = PostgresDatabase.OpenAs(await database.CreateRoleAsync(""));
        await store.PrepareAsync();
        Assert.That((await store.FindAsync(SessionId.New(DateTimeOffset.UnixEpoch))).Session, Is.Null);
    }

    [Test, Description("An unknown newer version refuses to start")]
    public async Task A_newer_schema_is_refused_with_one_message()
    {
        var database = await PostgresDatabase.CreateAsync();
        await using var store = database.Open();
        await store.PrepareAsync();
        await database.ExecuteAsync("UPDATE hanzo_sessions.schema_version SET version = 2");
        Assert.That(
            () => store.PrepareAsync(),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "The schema hanzo_sessions in PostgreSQL is of version 2; this version of Hanzo.Sessions works with version 1."));
    }

    [Test, Description("A missing table is one clear message")]
    public async Task A_missing_table_is_named()
    {
        var database = await PostgresDatabase.CreateAsync();
        await using var store = database.Open();
        Assert.That(
            async () => await store.FindAsync(SessionId.New(DateTimeOffset.UnixEpoch)),
            Throws.TypeOf<PostgresException>().With.Property(nameof(PostgresException.MessageText))
                .EqualTo("relation \"hanzo_sessions.sessions\" does not exist"));

        await store.PrepareAsync();
        await database.ExecuteAsync("DROP TABLE hanzo_sessions.sessions CASCADE");
        Assert.That(
            () => store.PrepareAsync(),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "The schema hanzo_sessions in PostgreSQL is of version 1 without the table sessions; this version of Hanzo.Sessions works with version 1."));
    }

    [Test, Description("Text is compared by code point")]
    public async Task A_database_that_is_not_in_UTF8_is_refused()
    {
        var server = await PostgresServer.SharedAsync();
        var name = $"latin_{Guid.NewGuid():N}";
        await PostgresServer.ExecuteAsync(
            server.ConnectionString, $"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
        await using var store = PostgresDatabase.OpenAs(server.ConnectionString, $"Database={name}");
        Assert.That(
            () => store.PrepareAsync(),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "The PostgreSQL database of the session store is in LATIN1; it must be in UTF8."));
    }

    [Test, Description("Stores with different schemas do not see each other")]
    public async Task Two_schemas_of_one_database_are_two_stores()
    {
        var database = await PostgresDatabase.CreateAsync();
        await using var one = database.Open(configure: options => options.Schema = "one");
        await using var user = database.Open(configure: options => options.Schema = "user");
        await one.PrepareAsync();
        await user.PrepareAsync();
        var creation = Testing.TestSessions.Of(Testing.TestSessions.Alice);
        await one.CreateAsync(creation);
        Assert.That((await one.FindAsync(creation.Session.Id)).Session, Is.Not.Null);
        Assert.That((await user.FindAsync(creation.Session.Id)).Session, Is.Null);
    }
}
