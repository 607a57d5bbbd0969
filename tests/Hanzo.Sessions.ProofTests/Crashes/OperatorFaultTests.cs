using System.Globalization;
using Npgsql;

namespace Hanzo.Sessions.ProofTests.Crashes;

/// <summary>What an operator gets wrong is one clear message, and no secret is in it.</summary>
public sealed class OperatorFaultTests
{
    private const string Password = "correct-horse-battery";

    private SqliteFolder _folder = new();
    private int _messages;

    [SetUp]
    public void Begin() => (_folder, _messages) = (new SqliteFolder(), 0);

    [TearDown]
    public void DeleteFolder() => _folder.Delete();

    [Test, Description("T8 V6: a wrong password, a missing table, a newer schema, missing rights, on PostgreSQL")]
    public async Task What_is_wrong_with_PostgreSQL_is_one_clear_message_without_a_secret()
    {
        var database = await PostgresDatabase.CreateAsync();
        await using var store = database.Open();
        await store.PrepareAsync();
        var sessions = CrashRound.Manager(store);
        var issued = await sessions.CreateAsync(new NewSession { User = TestSessions.Alice });
        var secrets = SecretsOf(issued).Append(new NpgsqlConnectionStringBuilder(database.ConnectionString).Password!).ToList();

        await using var wrong = PostgresDatabase.OpenAs(
            new NpgsqlConnectionStringBuilder(database.ConnectionString) { Password = Password }.ConnectionString);
        await AssertFaultAsync(() => wrong.PrepareAsync(), "password authentication failed", [.. secrets, Password]);

        await database.ExecuteAsync("ALTER TABLE hanzo_sessions.sessions RENAME TO sessions_elsewhere");
        await AssertFaultAsync(() => store.PrepareAsync(), "without the table sessions", secrets);
        foreach (var call in Calls(sessions, issued))
        {
            await AssertFaultAsync(call, "relation \"hanzo_sessions.sessions\" does not exist", secrets);
        }

        await database.ExecuteAsync("ALTER TABLE hanzo_sessions.sessions_elsewhere RENAME TO sessions");
        await database.ExecuteAsync("UPDATE hanzo_sessions.schema_version SET version = 2");
        await AssertFaultAsync(() => store.PrepareAsync(), "is of version 2; this version of Hanzo.Sessions works with version 1", secrets);

        var role = await database.CreateRoleAsync("");
        await database.ExecuteAsync("REVOKE ALL ON ALL TABLES IN SCHEMA hanzo_sessions FROM PUBLIC; "
            + $"REVOKE ALL ON ALL TABLES IN SCHEMA hanzo_sessions FROM {new NpgsqlConnectionStringBuilder(role).Username}");
        await using var powerless = PostgresDatabase.OpenAs(role);
        foreach (var call in Calls(CrashRound.Manager(powerless), issued))
        {
            await AssertFaultAsync(call, "permission denied for table sessions", secrets);
        }

        Report("PostgreSQL");
    }

    [Test, Description("T8 V6: a read-only disk, a newer file, a file of something else, a missing folder, on SQLite")]
    public async Task What_is_wrong_with_a_SQLite_file_is_one_clear_message_without_a_secret()
    {
        using var disk = Disk.Mount(_folder.Path, kilobytes: 8192);
        IssuedSession issued;
        await using (var first = SqliteFolder.Open(disk.File))
        {
            await first.PrepareAsync();
            issued = await CrashRound.Manager(first).CreateAsync(new NewSession { User = TestSessions.Alice });
        }

        var secrets = SecretsOf(issued);
        SqliteFolder.Ask(disk.File, "PRAGMA user_version = 3");
        await using (var newer = SqliteFolder.Open(disk.File))
        {
            await AssertFaultAsync(() => newer.PrepareAsync(), "has version 3", secrets);
        }

        SqliteFolder.Ask(disk.File, "PRAGMA user_version = 1");
        disk.TurnReadOnly();
        await using (var store = SqliteFolder.Open(disk.File))
        {
            await AssertFaultAsync(() => store.PrepareAsync(), "ead-only", secrets);
            foreach (var call in Calls(CrashRound.Manager(store), issued))
            {
                await AssertFaultAsync(call, "ead-only", secrets);
            }
        }

        SqliteFolder.Ask(_folder.File, "CREATE TABLE users (name TEXT)");
        await using (var foreign = _folder.Open())
        {
            await AssertFaultAsync(() => foreign.PrepareAsync(), "a file of their own", secrets);
        }

        await using (var missing = SqliteFolder.Open(Path.Combine(_folder.Path, "missing", "sessions.db")))
        {
            await AssertFaultAsync(() => missing.PrepareAsync(), "missing", secrets);
        }

        Report("SQLite");
    }

    private static List<Func<Task>> Calls(SessionManager sessions, IssuedSession issued) =>
    [
        () => sessions.CreateAsync(new NewSession { User = TestSessions.Bob }),
        () => sessions.ValidateAsync(issued.Token.Reveal()).AsTask(),
        () => sessions.RotateAsync(issued.Token.Reveal()),
        () => sessions.TerminateAllAsync(TestSessions.Alice, SessionCaller.Service("operator")),
    ];

    private static List<string> SecretsOf(IssuedSession issued)
    {
        var hash = issued.Token.Hash().ToArray();
        return [issued.Token.Reveal(), issued.Token.Reveal()[4..], Convert.ToHexString(hash), Convert.ToHexStringLower(hash), Convert.ToBase64String(hash)];
    }

    private async Task AssertFaultAsync(Func<Task> call, string message, IReadOnlyList<string> secrets)
    {
        Exception? fault = null;
        try
        {
            await call();
        }
        catch (Exception caught) when (caught is not AssertionException)
        {
            fault = caught;
        }

        Assert.That(fault?.Message, Does.Contain(message));
        var everything = string.Create(CultureInfo.InvariantCulture, $"{fault} {string.Join(' ', fault!.Data.Values.Cast<object?>())}");
        foreach (var secret in secrets)
        {
            Assert.That(everything.Contains(secret, StringComparison.OrdinalIgnoreCase), Is.False, "a secret is in the message");
        }

        _messages++;
    }

    private void Report(string store) =>
        Figures.Report(string.Create(CultureInfo.InvariantCulture, $"operator faults, {store}: messages={_messages} secrets-in-messages=0"));
}
