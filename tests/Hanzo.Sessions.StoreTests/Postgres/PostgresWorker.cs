using System.Diagnostics;
using System.Globalization;

namespace Hanzo.Sessions.StoreTests.Postgres;

/// <summary>A process of Hanzo.Sessions.StoreTests.PostgresWorker, spoken to by lines.</summary>
internal sealed class PostgresWorker : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    /// <summary>Starts it.</summary>
    /// <param name="connectionString">How it reaches the server.</param>
    /// <param name="clients">How many clients it is.</param>
    public PostgresWorker(string connectionString, int clients)
    {
        string[] arguments = [connectionString, clients.ToString(CultureInfo.InvariantCulture)];
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(TestContext.CurrentContext.TestDirectory, "Hanzo.Sessions.StoreTests.PostgresWorker.dll"));
        Array.ForEach(arguments, start.ArgumentList.Add);
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public Task WriteLineAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync()
        ?? throw new InvalidOperationException($"The worker has ended:\n{await _errors}");

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
