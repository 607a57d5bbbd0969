using System.Diagnostics;
using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.Testing;
using Npgsql;

namespace Hanzo.Sessions.StoreTests.Upgrades;

/// <summary>A schema that 0.1 has made gets the steps that it lacks.</summary>
public sealed class PostgresUpgradeTests
{
    /// <summary>What docs/Operations.md of 0.1 grants, where another role owns the schema.</summary>
    private const string RightsOf010 =
        """
        GRANT USAGE ON SCHEMA hanzo_sessions TO app;
        GRANT SELECT ON hanzo_sessions.schema_version TO app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON hanzo_sessions.sessions TO app;
        """;

    private const string Unfinished =
        "SELECT count(*) FROM pg_index WHERE NOT indisvalid AND indexrelid = to_regclass('hanzo_sessions.sessions_of_agent')";

    private const string Building =
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONCURRENTLY%' AND state = 'active' AND datname = current_database()";

    private PostgresDatabase _database = null!;

    [SetUp]
    public async Task MakeAsync()
    {
        _database = await PostgresDatabase.CreateAsync();
        await Released.CreateSchemaAsync(_database.ConnectionString);
    }

    [Test, Description("M1 there is one way a schema comes to be")]
    public async Task An_upgraded_schema_is_the_same_as_a_new_one()
    {
        var created = await PostgresDatabase.CreateAsync();
        await PrepareAsync(_database, created);

        Assert.That(await Catalog.ReadAsync(_database), Is.EqualTo(await Catalog.ReadAsync(created)).And.Some.Contains("moved_at"));
        Assert.That(await StepsAsync(), Is.EqualTo(SchemaStep.All.Count));
    }

    [Test, Description("M1 the steps are scripts to run by hand, under another name of the schema too")]
    public async Task A_schema_that_was_upgraded_by_hand_is_the_same_too()
    {
        var byHand = await PostgresDatabase.CreateAsync();
        await Released.CreateSchemaAsync(byHand.ConnectionString);
        foreach (var step in SchemaStep.All)
        {
            await byHand.ExecuteAsync(step.Script);
        }

        await PrepareAsync(_database, byHand);
        Assert.That(await Catalog.ReadAsync(byHand), Is.EqualTo(await Catalog.ReadAsync(_database)));

        await using var other = _database.Open(configure: options => options.Schema = "user");
        await other.PrepareAsync();
        Assert.That(await _database.ExecuteAsync("SELECT count(*) FROM \"user\".schema_steps"), Is.EqualTo((long)SchemaStep.All.Count));
    }

    [Test, Description("M1 by one of the servers that start together")]
    public async Task Eight_servers_that_start_at_once_add_each_step_once()
    {
        var servers = Enumerable.Range(0, 8).Select(_ => _database.Open()).ToList();
        await Task.WhenAll(servers.Select(server => Task.Run(() => server.PrepareAsync())));

        Assert.That(await StepsAsync(), Is.EqualTo(SchemaStep.All.Count));
        foreach (var server in servers)
        {
            Assert.That((await server.CreateAsync(TestSessions.Of(TestSessions.Alice))).Outcome, Is.EqualTo(SessionCreationOutcome.Created));
            await server.DisposeAsync();
        }
    }

    [Test, Description("M1 a step of a later version adds, and does no harm")]
    public async Task A_step_that_this_version_does_not_know_is_left_alone()
    {
        await using var store = _database.Open();
        await store.PrepareAsync();
        await _database.ExecuteAsync("INSERT INTO hanzo_sessions.schema_steps (step, name) VALUES (99, 'later')");

        await store.PrepareAsync();
        Assert.That((await store.InspectAsync()).WriteFault, Is.Null);
    }

    [Test, Description("M1 PrepareStoreAtStart off: the store says which step is missing, until the script has run")]
    public async Task A_store_that_is_not_prepared_names_the_missing_step()
    {
        await using var store = _database.Open();
        Assert.That(
            (await store.InspectAsync()).WriteFault,
            Is.EqualTo("The schema hanzo_sessions in PostgreSQL lacks step 1 (place). Run Upgrades/001-place.sql of the package "
                + "Hanzo.Sessions.Postgres (folder sql), or let a server do it (PrepareStoreAtStart)."));

        await _database.ExecuteAsync(SchemaStep.All[0].Script);
        Assert.That((await store.InspectAsync()).WriteFault, Is.Null);
    }

    [Test, Description("M1 a role without the right gets the script by name, and after it has run needs nothing more")]
    public async Task A_role_that_does_not_own_the_tables_is_told_which_script_to_run()
    {
        await using var store = await OpenAsAppAsync(RightsOf010);
        Assert.That(
            () => store.PrepareAsync(),
            Throws.InvalidOperationException.With.Message.Contains("lacks step 1 (place), and the role of the session store may not add it")
                .And.Message.Contains("Run Upgrades/001-place.sql of the package Hanzo.Sessions.Postgres (folder sql) as a role that may.")
                .And.InnerException.TypeOf<PostgresException>());

        await _database.ExecuteAsync(SchemaStep.All[0].Script);
        await store.PrepareAsync();
        Assert.That((await store.InspectAsync()).WriteFault, Is.Null);
        Assert.That((await store.CreateAsync(TestSessions.Of(TestSessions.Alice))).Outcome, Is.EqualTo(SessionCreationOutcome.Created));
        Assert.That(await MayAsync("forgotten_tokens", "SELECT"), Is.True);
        Assert.That(await MayAsync("forgotten_tokens", "INSERT"), Is.True);
        Assert.That(await MayAsync("forgotten_tokens", "DELETE"), Is.True);

        Task<object?> MayAsync(string table, string right) => _database.ExecuteAsync(
            $"SELECT has_table_privilege((SELECT usename FROM pg_stat_activity WHERE usename LIKE 'role\\_%' AND datname = current_database() LIMIT 1), 'hanzo_sessions.{table}', '{right}')");
    }

    [Test, Description("M1 a role without CREATE is told which scripts make the schema")]
    public async Task A_role_that_may_not_create_the_schema_is_told_which_scripts_do()
    {
        await _database.ExecuteAsync("DROP SCHEMA hanzo_sessions CASCADE");
        await using var store = await OpenAsAppAsync("");
        Assert.That(
            () => store.PrepareAsync(),
            Throws.InvalidOperationException.With.Message.Contains("Run Schema.sql and then every script of Upgrades of the package Hanzo.Sessions.Postgres"));
    }

    [Test, Description("M1 a crash at every point of an upgrade leaves a schema that opens")]
    public async Task A_connection_that_is_killed_between_two_statements_leaves_the_schema_as_it_was()
    {
        var before = await Catalog.ReadAsync(_database);
        var step = SchemaStep.All[0];
        var statements = StatementsOf(step.Script.Split("\nBEGIN;\n")[1].Split("\nCOMMIT;")[0]);
        Assert.That(statements, Has.Count.GreaterThan(8));

        for (var survived = 0; survived <= statements.Count; survived++)
        {
            await using var killed = _database.Open(configure: options => (options.StartTimeout, options.Retries) = (TimeSpan.Zero, 0));
            List<string> cut = [.. statements[..survived], "SELECT pg_terminate_backend(pg_backend_pid());", .. statements[survived..]];
            killed.Schema.Steps = [step with { Script = $"BEGIN;\n{string.Join('\n', cut)}\nCOMMIT;\n" }];

            Assert.That(() => killed.PrepareAsync(), Throws.TypeOf<PostgresException>().With.Property("SqlState").EqualTo("57P01"));
            Assert.That(await Catalog.ReadAsync(_database), Is.EqualTo(before), $"after {survived} statements");
        }

        await using var store = _database.Open();
        await store.PrepareAsync();
        Assert.That(await StepsAsync(), Is.EqualTo(SchemaStep.All.Count));
    }

    [Test, Description("M1 an invalid index left by a crash is dropped and built again, while no request waits")]
    public async Task An_index_whose_build_was_cut_off_is_built_again()
    {
        await using var store = _database.Open();
        await store.PrepareAsync();
        store.Schema.Steps = [.. SchemaStep.All, WithIndex()];
        Task upgrading;
        await using (await SnapshotAsync())
        {
            upgrading = store.PrepareAsync();
            await KillAsync("CREATE INDEX CONCURRENTLY%");
            await Until.TrueAsync(async () => await _database.ExecuteAsync(Unfinished) is 1L, "the index is there, and invalid");
            Assert.That((await store.CreateAsync(TestSessions.Of(TestSessions.Alice))).Outcome, Is.EqualTo(SessionCreationOutcome.Created));
        }

        await upgrading;
        Assert.That(await _database.ExecuteAsync(Unfinished), Is.Zero);
        Assert.That(await _database.ExecuteAsync("SELECT to_regclass('hanzo_sessions.sessions_of_agent')::text"), Is.EqualTo("hanzo_sessions.sessions_of_agent"));
        Assert.That(await StepsAsync(), Is.EqualTo(SchemaStep.All.Count + 1));
    }

    [Test, Description("M1 servers that wait for the one that builds an index do not keep it from that")]
    public async Task Servers_that_start_while_an_index_is_built_wait_until_it_is()
    {
        await PrepareAsync(_database);
        var servers = Enumerable.Range(0, 4).Select(_ => _database.Open()).ToList();
        servers.ForEach(server => server.Schema.Steps = [.. SchemaStep.All, WithIndex()]);
        Task starting;
        await using (await SnapshotAsync())
        {
            starting = Task.WhenAll(servers.Select(server => Task.Run(() => server.PrepareAsync())));
            await Until.TrueAsync(
                async () => await _database.ExecuteAsync(Building) is 1L,
                "one server builds the index");
            Assert.That(starting.IsCompleted, Is.False);
        }

        await starting;
        Assert.That(await _database.ExecuteAsync(Unfinished), Is.Zero);
        Assert.That(await StepsAsync(), Is.EqualTo(SchemaStep.All.Count + 1));
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }
    }

    [Test, Description("M1 a server that loses its turn while it builds an index begins again")]
    public async Task A_server_whose_turn_is_taken_away_begins_again()
    {
        await using var store = _database.Open();
        await store.PrepareAsync();
        store.Schema.Steps = [.. SchemaStep.All, WithIndex()];
        Task upgrading;
        await using (await SnapshotAsync())
        {
            upgrading = store.PrepareAsync();
            await Until.TrueAsync(
                async () => await _database.ExecuteAsync(Building) is 1L,
                "the index is being built");
            await _database.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
        }

        await upgrading;
        Assert.That(await _database.ExecuteAsync(Unfinished), Is.Zero);
        Assert.That(await StepsAsync(), Is.EqualTo(SchemaStep.All.Count + 1));
    }

    [Test, Description("M1 beside a long transaction no request waits longer than a second, and the step comes when it is over")]
    public async Task A_transaction_that_stays_open_delays_the_start_and_no_request()
    {
        await using var store = _database.Open();
        var (longest, over) = (TimeSpan.Zero, false);
        Task upgrading, asking;
        await using (await _database.HoldAsync("SELECT count(*) FROM hanzo_sessions.sessions"))
        {
            upgrading = store.PrepareAsync();
            asking = Task.Run(async () =>
            {
                while (!Volatile.Read(ref over))
                {
                    var asked = Stopwatch.GetTimestamp();
                    await _database.ExecuteAsync("UPDATE hanzo_sessions.sessions SET last_active_at = now()");
                    var took = Stopwatch.GetElapsedTime(asked);
                    longest = took > longest ? took : longest;
                }
            });
            for (var attempt = 1; attempt <= 2; attempt++)
            {
                await WaitsAsync(1);
                await WaitsAsync(0);
            }

            Assert.That(upgrading.IsCompleted, Is.False);
        }

        await upgrading;
        Volatile.Write(ref over, true);
        await asking;
        Assert.That(longest, Is.LessThan(TimeSpan.FromSeconds(2)), "half a second, and what a busy machine adds");
        Figures.Report(FormattableString.Invariant($"upgrade beside a transaction: longest wait={longest.TotalMilliseconds:0} ms"));

        Task WaitsAsync(long count) => Until.TrueAsync(
            async () => await _database.ExecuteAsync(
                """
                SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'
                    AND relation = 'hanzo_sessions.sessions'::regclass
                """) is long waiting && waiting == count,
            count == 0 ? "the step gives way" : "the step waits for the table");
    }

    [Test, Description("M1 an autovacuum gives way, which it does not for a wait of half a second")]
    public async Task An_autovacuum_of_the_table_gives_way()
    {
        await using var server = await PostgresServer.StartNewAsync(
            "autovacuum_naptime=1s", "autovacuum_vacuum_cost_delay=100ms", "autovacuum_vacuum_cost_limit=1");
        var database = new PostgresDatabase(await server.CreateDatabaseAsync());
        await Released.CreateSchemaAsync(database.ConnectionString);
        await database.ExecuteAsync(
            """
            INSERT INTO hanzo_sessions.sessions (
                id, token_hash, organization, user_name, application, created_at, last_active_at, idle_timeout_ms, expires_at, active_until, due_at)
            SELECT gen_random_uuid(), sha256(convert_to(i::text, 'UTF8')), 'acme', 'many', 'shop', now(), now(), 1, now(), now(), now()
            FROM generate_series(1, 2000) AS i;
            UPDATE hanzo_sessions.sessions SET last_active_at = now();
            """);
        await Until.TrueAsync(
            async () => await database.ExecuteAsync("SELECT count(*) FROM pg_stat_progress_vacuum WHERE relid = 'hanzo_sessions.sessions'::regclass") is 1L,
            "an autovacuum has begun");

        await using var store = database.Open(configure: options => options.StartTimeout = TimeSpan.FromSeconds(10));
        await store.PrepareAsync();
        Assert.That((await store.InspectAsync()).WriteFault, Is.Null);
    }

    [Test, Description("M1 a start that a transaction has kept from a step says so, and which")]
    public async Task A_transaction_that_stays_open_too_long_is_named()
    {
        await using var store = _database.Open(configure: options => options.StartTimeout = TimeSpan.Zero);
        await using (await _database.HoldAsync("SELECT count(*) FROM hanzo_sessions.sessions"))
        {
            var process = await _database.ExecuteAsync(
                "SELECT pid FROM pg_locks WHERE relation = 'hanzo_sessions.sessions'::regclass AND mode = 'AccessShareLock'");
            Assert.That(
                () => store.PrepareAsync(),
                Throws.InvalidOperationException.With.Message.StartsWith(
                    $"The schema hanzo_sessions in PostgreSQL lacks step 1 (place), and could not get it within 00:00:00: other transactions stood in the way all the time (process {process})."));
        }

        await store.PrepareAsync();
        Assert.That(await StepsAsync(), Is.EqualTo(SchemaStep.All.Count));
    }

    /// <summary>A step with all that a step can have: a table, an index that is built beside requests, a trigger.</summary>
    private static SchemaStep WithIndex() => new(
        99,
        "test",
        """
        -- A step.
        BEGIN;
        CREATE TABLE IF NOT EXISTS hanzo_sessions.extra (id integer);
        COMMIT;

        DROP INDEX CONCURRENTLY IF EXISTS hanzo_sessions.sessions_of_agent;
        CREATE INDEX CONCURRENTLY sessions_of_agent
            ON hanzo_sessions.sessions (user_agent) WHERE ended_at IS NULL;

        BEGIN;
        CREATE FUNCTION hanzo_sessions.nothing() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RETURN NEW;
        END $$;
        CREATE TRIGGER nothing BEFORE INSERT ON hanzo_sessions.extra EXECUTE FUNCTION hanzo_sessions.nothing();
        INSERT INTO hanzo_sessions.schema_steps (step, name) VALUES (99, 'test');
        COMMIT;

        """.ReplaceLineEndings("\n"));

    private static List<string> StatementsOf(string sql)
    {
        List<string> statements = [];
        var (statement, isQuoted) = ("", false);
        foreach (var line in sql.Split('\n').Where(line => !line.TrimStart().StartsWith("--", StringComparison.Ordinal)))
        {
            statement += line + "\n";
            isQuoted ^= line.Contains("$$", StringComparison.Ordinal);
            if (!isQuoted && line.EndsWith(';'))
            {
                statements.Add(statement);
                statement = "";
            }
        }

        return statements;
    }

    private static async Task PrepareAsync(params PostgresDatabase[] databases)
    {
        foreach (var database in databases)
        {
            await using var store = database.Open();
            await store.PrepareAsync();
        }
    }

    private async Task<PostgresSessionStore> OpenAsAppAsync(string rights)
    {
        var role = $"role_{Guid.NewGuid():N}";
        await _database.ExecuteAsync(
            $"CREATE ROLE {role} LOGIN PASSWORD 'secret'; {rights.Replace(" TO app;", $" TO {role};", StringComparison.Ordinal)}");
        return PostgresDatabase.OpenAs(
            new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Username = role, Password = "secret" }.ConnectionString);
    }

    /// <summary>A transaction that has read, and goes on seeing the database as it was then: no index is ready before it is over.</summary>
    private Task<IAsyncDisposable> SnapshotAsync() =>
        _database.HoldAsync("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM hanzo_sessions.schema_version");

    private Task KillAsync(string query) => Until.TrueAsync(
        async () => await _database.ExecuteAsync(
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '{query}' AND datname = current_database() AND wait_event_type = 'Lock'") is true,
        "it waits, and is killed");

    private async Task<long> StepsAsync() => (long)(await _database.ExecuteAsync("SELECT count(*) FROM hanzo_sessions.schema_steps"))!;
}
