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
    private static IBrowser? _browserWithCache;

    /// <summary>Starts it at first use. Without a browser the tests are skipped, or fail when CI=true.</summary>
    /// <param name="keepsPages">Whether Back shows a page as it was left, as it does for users: Playwright turns that off.</param>
    public static async Task<IBrowser> StartedAsync(bool keepsPages = false)
    {
        await Turn.WaitAsync();
        try
        {
            return keepsPages ? _browserWithCache ??= await StartAsync("--disable-back-forward-cache") : _browser ??= await StartAsync();
        }
        finally
        {
            Turn.Release();
        }
    }

    private static async Task<IBrowser> StartAsync(params string[] without)
    {
        var program = Names
            .SelectMany(_ => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), (name, folder) => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
        if (program is null)
        {
            Needs.Missing("Chromium is not installed.");
        }

        _playwright ??= await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(30_000);
        return await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = program,
            Headless = true,
            IgnoreDefaultArgs = without,
            Args = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run"],
        });
    }

    [OneTimeTearDown]
    public static async Task StopAsync()
    {
        foreach (var browser in new[] { _browser, _browserWithCache }.OfType<IBrowser>())
        {
            await browser.CloseAsync();
        }

        _playwright?.Dispose();
    }
}
