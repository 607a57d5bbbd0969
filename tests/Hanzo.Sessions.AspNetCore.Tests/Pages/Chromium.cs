using Microsoft.Playwright;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>One browser for all page tests, that of the machine: nothing is downloaded.</summary>
[SetUpFixture]
internal sealed class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private static readonly SemaphoreSlim Turn = new(1);

    private static IPlaywright? _playwright;
    private static IBrowser? _browser;

    /// <summary>Starts it at first use. Without a browser the tests are skipped, or fail when CI=true.</summary>
    public static async Task<IBrowser> StartedAsync()
    {
        await Turn.WaitAsync();
        try
        {
            return _browser ??= await StartAsync();
        }
        finally
        {
            Turn.Release();
        }
    }

    private static async Task<IBrowser> StartAsync()
    {
        var program = Names
            .SelectMany(_ => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), (name, folder) => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
        if (program is null)
        {
            Needs.Missing("Chromium is not installed.");
        }

        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(30_000);
        return await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = program,
            Headless = true,
            Args = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run"],
        });
    }

    [OneTimeTearDown]
    public static async Task StopAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
    }
}
