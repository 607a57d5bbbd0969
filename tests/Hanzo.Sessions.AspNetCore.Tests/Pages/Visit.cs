using Microsoft.Playwright;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>A browser of its own with one tab, which writes down everything that must not happen.</summary>
internal sealed class Visit(IBrowserContext context, IPage tab, string origin, string api) : IAsyncDisposable
{
    private readonly List<string> _faults = [];

    public IPage Tab { get; } = tab;

    public IBrowserContext Context { get; } = context;

    /// <summary>Script errors, violations of the content security policy, dialogs of scripts, requests to elsewhere.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Every request to the API, with its headers.</summary>
    public List<IRequest> ApiRequests { get; } = [];

    public string Path => new Uri(Tab.Url).PathAndQuery;

    public ILocator Dialog => Tab.Locator("dialog[open]");

    public ILocator Rows => Tab.Locator("tbody tr:not(.skeleton)");

    public ILocator Toast => Tab.GetByRole(AriaRole.Status).Filter(new() { Has = Tab.Locator(".toast") });

    public static async Task<Visit> StartAsync(
        string origin, string userAgent, BrowserNewContextOptions? options = null, bool keepsPages = false)
    {
        options ??= new();
        options.BaseURL = origin;
        options.UserAgent ??= userAgent;
        options.Locale = "en-US";
        options.TimezoneId = "UTC";
        options.ViewportSize ??= new() { Width = 1280, Height = 900 };
        var context = await (await Chromium.StartedAsync(keepsPages)).NewContextAsync(options);
        context.SetDefaultTimeout(30_000);
        await context.AddInitScriptAsync(
            "addEventListener('securitypolicyviolation', (it) => console.error(`CSP violation: ${it.violatedDirective} ${it.blockedURI}`));");
        var visit = new Visit(context, await context.NewPageAsync(), origin, origin + "/api/");
        visit.Watch();
        return visit;
    }

    public async Task SignInAsync(string user, string organization = "hanzo", string more = "")
    {
        var answer = await Context.APIRequest.PostAsync($"/login?user={user}&organization={organization}{more}");
        Assert.That(answer.Status, Is.EqualTo(200), await answer.TextAsync());
    }

    /// <summary>Opens a page and waits until it has loaded its list.</summary>
    public async Task OpenAsync(string path)
    {
        await Tab.GotoAsync(path);
        await LoadedAsync();
    }

    public Task LoadedAsync() => Assertions.Expect(Tab.Locator(".list-place:not([aria-busy])")).ToBeAttachedAsync();

    public ILocator Button(string name) => Tab.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Heading(string text) => Tab.GetByRole(AriaRole.Heading, new() { Name = text, Exact = true });

    public ILocator Row(string user, string application = "app-hanzo") =>
        Rows.Filter(new() { Has = Tab.Locator("th", new() { HasTextString = user }) })
            .Filter(new() { Has = Tab.Locator(".col-application", new() { HasTextString = application }) });

    /// <summary>The row of a session in the view by session.</summary>
    public ILocator RowOf(Session session) => Rows.Filter(new() { Has = Tab.Locator($"code[title='{session.Id}']") });

    /// <summary>For a test that makes something happen on purpose.</summary>
    public void ForgetFaults() => _faults.Clear();

    public ValueTask DisposeAsync() => Context.DisposeAsync();

    private void Watch()
    {
        Tab.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                _faults.Add(message.Text);
            }
        };
        Tab.PageError += (_, error) => _faults.Add(error);
        Tab.Dialog += async (_, dialog) =>
        {
            _faults.Add($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        Context.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(origin + "/", StringComparison.Ordinal))
            {
                _faults.Add($"request to {request.Url}");
            }

            if (request.Url.StartsWith(api, StringComparison.Ordinal))
            {
                ApiRequests.Add(request);
            }
        };
    }
}
