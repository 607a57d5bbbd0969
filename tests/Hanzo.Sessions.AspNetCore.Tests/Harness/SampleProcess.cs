using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>A sample as a user runs it: a process of its own, on a free port, with nothing but a temporary folder.</summary>
internal sealed partial class SampleProcess : IAsyncDisposable
{
    /// <summary>The password of every user of AdminPanel.</summary>
    public const string Password = "correct horse battery staple";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hanzo-sessions-sample-");
    private readonly Process _process;

    private SampleProcess(string sample, string environment, (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(BuildOutput(sample), $"{sample}.dll"), "--urls", "http://127.0.0.1:0" },
            WorkingDirectory = BuildOutput(sample),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        start.Environment["ConnectionStrings__Users"] = $"Data Source={Path.Combine(_folder.FullName, "users.db")}";
        start.Environment["SessionStore"] = "memory";
        start.Environment["AuditLog"] = AuditLog;
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Where AdminPanel writes what happened.</summary>
    public string AuditLog => Path.Combine(_folder.FullName, "audit.log");

    public Uri Address => _listening.Task.Result;

    /// <summary>Starts a sample and waits until it says that it listens.</summary>
    public static async Task<SampleProcess> StartAsync(
        string sample, string environment = "Development", params (string Name, string Value)[] settings)
    {
        var process = new SampleProcess(sample, environment, settings);
        var first = await Task.WhenAny(process._listening.Task, process._process.WaitForExitAsync()).WaitAsync(Patience);
        Assert.That(first, Is.SameAs(process._listening.Task), process.Output);
        return process;
    }

    /// <summary>Runs a sample that ends by itself.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string sample, string environment = "Development", params (string Name, string Value)[] settings)
    {
        await using var process = new SampleProcess(sample, environment, settings);
        await process._process.WaitForExitAsync().WaitAsync(Patience);
        return (process._process.ExitCode, process.Output);
    }

    public Visitor Visitor()
    {
        var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false };
        return new Visitor(new HttpClient(handler) { BaseAddress = Address });
    }

    /// <summary>A visitor whom AdminPanel has let in.</summary>
    public async Task<Visitor> SignedInAsync(string user)
    {
        var visitor = Visitor();
        var answer = await visitor.PostFormAsync("/login", user, Password);
        Assert.That(answer.Status, Is.EqualTo(200), answer.Body);
        return visitor;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string BuildOutput(string sample)
    {
        // bin/Release/net10.0 of the tests, and the same of the sample.
        var mine = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        return Path.Combine(Repository.Root, "samples", sample, "bin", mine.Parent!.Name, mine.Name);
    }

    private void Hear(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line is not null && Listening().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Groups["address"].Value));
        }
    }

    [GeneratedRegex(@"Now listening on: (?<address>http://\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listening();
}
