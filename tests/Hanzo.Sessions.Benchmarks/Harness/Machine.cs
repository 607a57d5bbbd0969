using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>Where and with what was measured.</summary>
internal static class Machine
{
    /// <param name="postgresVersion">What the server that was measured calls itself; null when none was.</param>
    public static string Describe(string? postgresVersion)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30);
        return FormattableString.Invariant(
            $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {Processor()}, {Environment.ProcessorCount} cores, {memory} GiB, ")
            + $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, "
            + $"PostgreSQL {postgresVersion ?? "not started"}, Npgsql {Version(typeof(NpgsqlConnection))}, "
            + $"SQLite {Sqlite()}, loopback.";
    }

    private static string Processor() => File.Exists("/proc/cpuinfo")
        && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();

    private static string Version(Type type) => type.Assembly.GetName().Version!.ToString(3);

    private static string Sqlite()
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return connection.ServerVersion;
    }
}
