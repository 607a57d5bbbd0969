using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>
/// A server on loopback under full load, by <c>wrk</c> where it is installed, else by <see cref="HttpLoad"/> in this
/// process, which takes more of the processor away from the server.
/// </summary>
/// <param name="name">What the report calls it.</param>
/// <param name="role">Ours, the floor, or a rival.</param>
/// <param name="url">What to ask for.</param>
/// <param name="cookie">The Cookie header; null for none.</param>
internal sealed partial class HttpContestant(string name, Role role, Uri url, string? cookie)
    : Contestant(name, role, _ => Task.CompletedTask)
{
    private const int Connections = 32;

    public static bool HasWrk { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "wrk")));

    public override async Task WarmUpAsync(Effort effort)
    {
        await LoadAsync(TimeSpan.FromSeconds(1));
        await LoadAsync(TimeSpan.FromSeconds(1));
    }

    public override async Task<Sample> MeasureAsync(Effort effort)
    {
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var (requests, elapsed) = await LoadAsync(effort.LoadTurn);
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        return new Sample(elapsed.TotalNanoseconds / requests, (double)bytes / requests);
    }

    private Task<(long Requests, TimeSpan Elapsed)> LoadAsync(TimeSpan length) =>
        HasWrk ? WrkAsync(length) : HttpLoad.RunAsync(url, cookie, Connections, length);

    private async Task<(long Requests, TimeSpan Elapsed)> WrkAsync(TimeSpan length)
    {
        var start = new ProcessStartInfo("wrk") { UseShellExecute = false, RedirectStandardOutput = true };
        string[] arguments =
        [
            "-t1", $"-c{Connections}", FormattableString.Invariant($"-d{length.TotalSeconds:0}s"),
            .. cookie is null ? (string[])[] : ["-H", $"Cookie: {cookie}"], url.ToString(),
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var rate = RateText().Match(output);
        if (!rate.Success || output.Contains("Non-2xx", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{Name} did not answer as it should:\n{output}");
        }

        var perSecond = double.Parse(rate.Groups["rate"].Value, CultureInfo.InvariantCulture);
        return ((long)(perSecond * length.TotalSeconds), length);
    }

    [GeneratedRegex(@"Requests/sec:\s+(?<rate>[0-9.]+)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RateText();
}
