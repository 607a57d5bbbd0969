using System.Diagnostics;
using System.Globalization;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>The real curl, from a loopback address of another network than the browser's.</summary>
internal static class Curl
{
    public const string Address = "127.66.0.1";

    /// <summary>Sends a GET with the cookies of a browser, and answers the status.</summary>
    public static async Task<int> GetAsync(Visit owner, string url, string from = Address, string? agent = null, params string[] headers)
    {
        var cookies = await owner.Context.CookiesAsync();
        List<string> arguments =
        [
            "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--interface", from,
            "--header", $"Cookie: {string.Join("; ", cookies.Select(cookie => $"{cookie.Name}={cookie.Value}"))}",
            .. headers.SelectMany(header => new[] { "--header", header }),
        ];
        if (agent is not null)
        {
            arguments.AddRange(["--user-agent", agent]);
        }

        using var curl = Process.Start(new ProcessStartInfo("curl", [.. arguments, url]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var status = await curl.StandardOutput.ReadToEndAsync();
        await curl.WaitForExitAsync();
        Assert.That(curl.ExitCode, Is.Zero);
        return int.Parse(status, CultureInfo.InvariantCulture);
    }
}
