using System.IO.Compression;
using System.Text.Json;

namespace Hanzo.Sessions.TestServers;

/// <summary>What an earlier version has left: its files, and its program as another process.</summary>
public static class Released
{
    /// <summary>The instant at which the sessions of the files of 0.1.0 are as their lists say.</summary>
    public static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "released", "0.1.0");

    /// <summary>The program of 0.1.0: see the first lines of its <c>Program.cs</c>.</summary>
    public static WorkerProcess Start(params IEnumerable<string> arguments) =>
        WorkerProcess.StartProgram(Path.Combine(Folder, "worker", "bin", "Worker010.dll"), arguments);

    /// <summary>A copy of the SQLite file.</summary>
    public static async Task CopyFileAsync(string target)
    {
        await using var copy = File.Create(target);
        await using var packed = Unpack("sessions.db.gz");
        await packed.CopyToAsync(copy);
    }

    /// <summary>Restores the dump into an empty database.</summary>
    public static async Task RestoreAsync(string connectionString)
    {
        using var dump = new StreamReader(Unpack("sessions.sql.gz"));
        await PostgresServer.ExecuteAsync(connectionString, await dump.ReadToEndAsync());
    }

    /// <summary>Creates the schema in an empty database, without sessions.</summary>
    public static async Task CreateSchemaAsync(string connectionString) =>
        await PostgresServer.ExecuteAsync(connectionString, await File.ReadAllTextAsync(Path.Combine(Folder, "Schema.postgres.sql")));

    /// <summary>What is in the file (<c>sessions.db</c>) or the dump (<c>sessions.sql</c>).</summary>
    public static IReadOnlyList<ReleasedSession> Sessions(string file) =>
        [.. File.ReadLines(Path.Combine(Folder, $"{file}.jsonl")).Select(line => JsonSerializer.Deserialize<ReleasedSession>(line, JsonSerializerOptions.Web)!)];

    private static GZipStream Unpack(string name) => new(File.OpenRead(Path.Combine(Folder, name)), CompressionMode.Decompress);
}
