using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Hanzo.Sessions.TestServers;

/// <summary>
/// A real PostgreSQL server of the tests' own: in a temporary folder, on a free loopback port, as an unprivileged
/// user also when the tests run as root. It dies with the process that started it. HANZO_SESSIONS_POSTGRES, a
/// connection string of a superuser, names a server to use instead, which cannot be stopped then.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    // A standby is ready to accept "read-only connections".
    private const string Ready = "database system is ready to accept ";
    private const int StartAttempts = 100;

    // Whatever becomes of the parent, its end of the pipe closes and the server goes, with its folder. A line that
    // names a signal ends the server only.
    private const string Keeper =
        """
        folder=$1; shift
        "$@" & server=$!
        echo $server
        if read -r signal; then kill -$signal $server; wait $server
        else kill -QUIT $server; wait $server; rm -rf "$folder"; fi
        """;

    private static readonly Lazy<Task<PostgresServer>> Shared = new(() => StartNewAsync());

    private readonly ConcurrentBag<string> _databases = [];
    private readonly string _folder;
    private readonly string _bin;
    private readonly string[] _asUser;
    private readonly string[] _settings;
    private Process? _keeper;
    private Task _log = Task.CompletedTask;

    private PostgresServer(string connectionString, string folder, string bin, string[] asUser, string[] settings) =>
        (ConnectionString, _folder, _bin, _asUser, _settings) = (connectionString, folder, bin, asUser, settings);

    /// <summary>How a superuser reaches the database <c>postgres</c>.</summary>
    public string ConnectionString { get; }

    /// <summary>Whether these tests have started it, and may stop and kill it.</summary>
    public bool IsOwn => _bin.Length > 0;

    /// <summary>The process id of the server, when it is the tests' own.</summary>
    public int ProcessId { get; private set; }

    /// <summary>The one server of a test run. Skips the test when there is none, or fails it when CI=true.</summary>
    public static async Task<PostgresServer> SharedAsync()
    {
        Require();
        return await Shared.Value;
    }

    /// <summary>Skips the test where there is no PostgreSQL, or fails it when CI=true.</summary>
    public static void Require()
    {
        if (Absence is { } reason)
        {
            Needs.Missing(reason);
        }
    }

    /// <summary>Stops the one server of a test run, if it was started.</summary>
    public static async Task StopSharedAsync()
    {
        if (Shared.IsValueCreated)
        {
            await (await Shared.Value).DisposeAsync();
        }
    }

    /// <summary>Another server, for a test that stops it or kills it and has called <see cref="Require"/>.</summary>
    /// <param name="settings">Settings of the server as <c>name=value</c>.</param>
    public static async Task<PostgresServer> StartNewAsync(params string[] settings)
    {
        if (External is { Length: > 0 } external)
        {
            return new PostgresServer(external, "", "", [], []);
        }

        var bin = Bin ?? throw new InvalidOperationException(Absence);
        var folder = Directory.CreateTempSubdirectory("hanzo-sessions-pg-").FullName;
        var password = Guid.NewGuid().ToString("N");
        await File.WriteAllTextAsync(Path.Combine(folder, "password"), password);
        string[] asUser = [];
        if (Environment.IsPrivilegedProcess)
        {
            var user = await RunAsync(["id", "-u", "postgres"], mustSucceed: false) ? "postgres" : "nobody";
            asUser = ["setpriv", $"--reuid={user}", "--regid=nogroup", "--clear-groups", "--"];
            await RunAsync(["chown", "-R", user, folder]);
        }

        await RunAsync(
        [
            .. asUser, Path.Combine(bin, "initdb"), "--pgdata", Path.Combine(folder, "data"), "--username=postgres",
            $"--pwfile={Path.Combine(folder, "password")}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
        ]);
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = FreePort(),
            Username = "postgres",
            Password = password,
            Database = "postgres",
        };
        var server = new PostgresServer(connection.ConnectionString, folder, bin, asUser, settings);
        await server.StartAsync();
        return server;
    }

    /// <summary>A new database, empty.</summary>
    /// <returns>How a superuser reaches it.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"sessions_{Guid.NewGuid():N}";
        await ExecuteAsync(ConnectionString, $"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
        _databases.Add(name);
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>Runs SQL on a connection of its own.</summary>
    /// <param name="connectionString">Where.</param>
    /// <param name="sql">One or more statements.</param>
    /// <returns>The first value of the first row; null when there is none.</returns>
    public static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Starts the server again after <see cref="StopAsync"/> or <see cref="KillAsync"/>.</summary>
    public async Task StartAsync()
    {
        // After a kill the server's children may live a moment longer and keep a new one from starting.
        for (var attempt = 1; ; attempt++)
        {
            var log = await TryStartAsync();
            if (log is null)
            {
                return;
            }

            if (attempt == StartAttempts)
            {
                throw new InvalidOperationException($"PostgreSQL does not start:\n{log}");
            }
        }
    }

    /// <summary>Shuts the server down in good order: connections are cut, nothing is lost.</summary>
    public Task StopAsync() => SignalAsync("INT");

    /// <summary>Kills the server as a power failure would: no shutdown, recovery at the next start.</summary>
    public Task KillAsync() => SignalAsync("KILL");

    /// <summary>Kills the process of one connection, which makes the server recover from a crash.</summary>
    /// <param name="processId">What <c>pg_backend_pid()</c> or <see cref="NpgsqlConnection.ProcessID"/> says.</param>
    public void KillBackend(int processId)
    {
        MustBeOwn();
        using var backend = Process.GetProcessById(processId);
        backend.Kill();
    }

    /// <summary>Stops the server and removes its folder; on a server that is not the tests' own, removes their databases.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var database in IsOwn ? [] : _databases)
        {
            await ExecuteAsync(ConnectionString, $"DROP DATABASE {database} WITH (FORCE)");
        }

        if (_keeper is not null)
        {
            // Nobody needs the data any more: no last checkpoint, which takes minutes on a busy disk.
            await SignalAsync("QUIT");
        }

        if (_folder.Length > 0)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static string? External => Environment.GetEnvironmentVariable("HANZO_SESSIONS_POSTGRES");

    private static string? Absence => External is { Length: > 0 } || Bin is not null
        ? null
        : "PostgreSQL is missing: initdb and postgres are neither in PATH nor in /usr/lib/postgresql/*/bin, and HANZO_SESSIONS_POSTGRES names no server.";

    private static string? Bin
    {
        get
        {
            var debian = Directory.Exists("/usr/lib/postgresql")
                ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(it => it, StringComparer.Ordinal).Select(it => $"{it}/bin")
                : [];
            return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
                .Concat(debian)
                .FirstOrDefault(it => File.Exists(Path.Combine(it, "initdb")) && File.Exists(Path.Combine(it, "postgres")));
        }
    }

    private async Task<string?> TryStartAsync()
    {
        MustBeOwn();
        var connection = new NpgsqlConnectionStringBuilder(ConnectionString);
        var start = new ProcessStartInfo("sh")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C" },
        };
        string[] arguments =
        [
            "-c", Keeper, "sh", _folder, .. _asUser, Path.Combine(_bin, "postgres"), "-D", Path.Combine(_folder, "data"),
            "-p", connection.Port.ToString(CultureInfo.InvariantCulture),
            .. ((string[])["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=300", .. _settings])
                .SelectMany(setting => (string[])["-c", setting]),
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        var keeper = Process.Start(start)!;
        ProcessId = int.Parse((await keeper.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        var log = new List<string>();
        while (await keeper.StandardError.ReadLineAsync() is { } line)
        {
            log.Add(line);
            if (line.Contains(Ready, StringComparison.Ordinal))
            {
                _keeper = keeper;
                _log = keeper.StandardError.BaseStream.CopyToAsync(Stream.Null);
                return null;
            }
        }

        await keeper.StandardInput.WriteLineAsync("QUIT");
        await keeper.StandardInput.FlushAsync();
        await keeper.WaitForExitAsync();
        keeper.Dispose();
        return string.Join('\n', log);
    }

    private async Task SignalAsync(string signal)
    {
        MustBeOwn();
        using var keeper = _keeper ?? throw new InvalidOperationException("The server is not running.");
        _keeper = null;
        await keeper.StandardInput.WriteLineAsync(signal);
        await keeper.StandardInput.FlushAsync();
        await keeper.WaitForExitAsync();
        await _log;
    }

    private void MustBeOwn()
    {
        if (!IsOwn)
        {
            Assert.Ignore("The server that HANZO_SESSIONS_POSTGRES names is not the tests' own to stop.");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<bool> RunAsync(string[] command, bool mustSucceed = true)
    {
        var start = new ProcessStartInfo(command[0])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
            Environment = { ["LC_ALL"] = "C" },
        };
        Array.ForEach(command[1..], start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 || (mustSucceed
            ? throw new InvalidOperationException($"{string.Join(' ', command)} failed:\n{string.Concat(output)}")
            : false);
    }
}
