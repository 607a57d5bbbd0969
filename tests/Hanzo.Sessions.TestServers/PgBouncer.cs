using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Hanzo.Sessions.TestServers;

/// <summary>
/// A real PgBouncer of the tests' own in front of a server: in a temporary folder, on a free loopback port, as an unprivileged
/// user also when the tests run as root. It dies with the process that started it.
/// </summary>
public sealed class PgBouncer : IAsyncDisposable
{
    // When the parent ends, its end of the pipe closes, and the pooler goes, with its folder.
    private const string Keeper =
        """
        folder=$1; shift
        "$@" & pooler=$!
        read -r _
        kill -INT $pooler; wait $pooler; rm -rf "$folder"
        """;

    private readonly Process _keeper;
    private readonly Task _log;

    private PgBouncer(Process keeper, Task log, string connectionString) =>
        (_keeper, _log, ConnectionString) = (keeper, log, connectionString);

    /// <summary>How a client reaches the server through the pooler.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts one. Skips the test where there is no PgBouncer, or fails it when CI=true.</summary>
    /// <param name="connectionString">How the pooler reaches the server, and who its only user is.</param>
    /// <param name="mode"><c>transaction</c> or <c>session</c>.</param>
    /// <param name="poolSize">How many connections to the server it opens at most.</param>
    public static async Task<PgBouncer> StartAsync(string connectionString, string mode, int poolSize = 5)
    {
        if (Program is not { } program)
        {
            Needs.Missing("PgBouncer is missing: pgbouncer is neither in PATH nor in /usr/sbin.");
            throw new UnreachableException();
        }

        var server = new NpgsqlConnectionStringBuilder(connectionString);
        var port = FreePort();
        var folder = Directory.CreateTempSubdirectory("hanzo-sessions-pgbouncer-").FullName;
        var settings = Path.Combine(folder, "pgbouncer.ini");
        await File.WriteAllTextAsync(Path.Combine(folder, "users"), $"\"{server.Username}\" \"{server.Password}\"\n");
        await File.WriteAllTextAsync(
            settings,
            $"""
            [databases]
            * = host={server.Host} port={server.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = {folder}/users
            pool_mode = {mode}
            default_pool_size = {poolSize}
            max_client_conn = 500
            """);
        string[] asUser = [];
        if (Environment.IsPrivilegedProcess)
        {
            asUser = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"];
            using var chown = Process.Start("chown", ["-R", "nobody", folder]);
            await chown.WaitForExitAsync();
        }

        var start = new ProcessStartInfo("sh", ["-c", Keeper, "sh", folder, .. asUser, program, settings])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        var keeper = Process.Start(start)!;
        List<string> lines = [];
        while (await keeper.StandardError.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (line.Contains("process up", StringComparison.Ordinal))
            {
                server.Host = "127.0.0.1";
                server.Port = port;
                return new PgBouncer(keeper, keeper.StandardError.BaseStream.CopyToAsync(Stream.Null), server.ConnectionString);
            }
        }

        keeper.Dispose();
        throw new InvalidOperationException($"PgBouncer does not start:\n{string.Join('\n', lines)}");
    }

    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync();
        await _log;
        _keeper.Dispose();
    }

    private static string? Program => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Append("/usr/sbin")
        .Select(folder => Path.Combine(folder, "pgbouncer"))
        .FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
