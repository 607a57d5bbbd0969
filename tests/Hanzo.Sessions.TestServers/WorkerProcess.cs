using System.Diagnostics;

namespace Hanzo.Sessions.TestServers;

/// <summary>Another process for a test: the program of one of the worker projects, spoken to by lines.</summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _errors;

    // Not null when nobody waits any more for the line that is still being read.
    private Task<string?>? _reading;

    private WorkerProcess(Process process) => (_process, _errors) = (process, process.StandardError.ReadToEndAsync());

    /// <summary>Starts one.</summary>
    /// <param name="project">The name of its project, which the project of the test refers to.</param>
    /// <param name="arguments">What its program understands.</param>
    public static WorkerProcess Start(string project, params IEnumerable<string> arguments) =>
        StartProgram(Path.Combine(TestContext.CurrentContext.TestDirectory, $"{project}.dll"), arguments);

    /// <summary>Starts one whose wall clock a <see cref="FakedClock"/> sets.</summary>
    /// <param name="clock">Its clock.</param>
    /// <param name="project">The name of its project, which the project of the test refers to.</param>
    /// <param name="arguments">What its program understands.</param>
    public static WorkerProcess Start(FakedClock clock, string project, params IEnumerable<string> arguments) =>
        StartProgram(Path.Combine(TestContext.CurrentContext.TestDirectory, $"{project}.dll"), arguments, clock.Environment);

    internal static WorkerProcess StartProgram(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!);
    }

    /// <summary>Waits for its next line.</summary>
    /// <param name="patience">How long at most; without it two minutes. A line that comes later is the next one.</param>
    /// <exception cref="InvalidOperationException">It has ended; the message says what it wrote to its standard error.</exception>
    /// <exception cref="TimeoutException">No line has come.</exception>
    public async Task<string> ReadLineAsync(TimeSpan? patience = null)
    {
        var limit = patience ?? Patience;
        _reading ??= _process.StandardOutput.ReadLineAsync();
        string? line;
        try
        {
            line = await _reading.WaitAsync(limit, TimeProvider.System);
        }
        catch (TimeoutException silence)
        {
            throw new TimeoutException($"The worker has said nothing for {limit}.", silence);
        }

        _reading = null;
        return line ?? throw new InvalidOperationException($"The worker has ended:\n{await _errors}");
    }

    /// <summary>Writes it a line, and waits for its answer.</summary>
    public async Task<string> AskAsync(string line)
    {
        await WriteLineAsync(line);
        return await ReadLineAsync();
    }

    /// <summary>Writes it a line.</summary>
    public async Task WriteLineAsync(string line = "")
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Kills it, unless it has ended: it gets no chance to do anything more.</summary>
    /// <returns>What it has written and nobody has read.</returns>
    public async Task<string> KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        var line = _reading is null ? null : await _reading;
        _reading = null;
        var rest = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        return line is null ? rest : $"{line}\n{rest}";
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }
}
