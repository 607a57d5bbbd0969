using System.Text.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>
/// Looks at every state of the pages: with axe-core, for width and for the size of targets. It leaves a picture of each
/// in screenshots-output/, which git ignores. The two of the README are made by
/// <c>HANZO_SESSIONS_IMAGES=docs/images dotnet test tests/Hanzo.Sessions.AspNetCore.Tests --filter FullyQualifiedName~EveryState</c>
/// (with the font Inter installed: Debian's package fonts-inter).
/// </summary>
internal sealed class EveryStateTests : PageTest
{
    private const string RunAxe = """
        async () => {
          const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
          const found = await axe.run(document, { runOnly: { type: 'tag', values } });
          return JSON.stringify({
            passes: found.passes.length,
            violations: found.violations.flatMap((it) => it.nodes.map((node) => `${it.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`)),
          });
        }
        """;

    private const string SmallTargets = """
        () => [...document.querySelectorAll('button, a, input, select')]
          .filter((it) => it.checkVisibility({ visibilityProperty: true }) && !it.classList.contains('skip'))
          .filter((it) => { const box = it.getBoundingClientRect(); return box.width < 24 || box.height < 24; })
          .map((it) => it.outerHTML.slice(0, 120))
        """;

    protected override ISessionLocator Locator { get; } = new Towns();

    private static readonly string Engine = new BundledAxeScriptProvider().GetScript();

    [Test]
    [Description("Pages, WCAG 2.2 AA")]
    public async Task Axe_finds_nothing_nothing_is_too_wide_and_every_target_is_large_enough(
        [Values(ColorScheme.Light, ColorScheme.Dark)] ColorScheme scheme, [Values(1280, 360)] int width)
    {
        await PageStates.SeedAsync(Web);
        var visit = await SignedInAsync("admin", Admin, options: new()
        {
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = width, Height = width == 360 ? 740 : 860 },
        });
        await visit.Context.AddInitScriptAsync(Engine);
        await PageStates.EachAsync(visit, async state =>
        {
            await PictureAsync(visit, "screenshots-output", $"{state}-{width}-{Name(scheme)}", whole: !state.Contains("question", StringComparison.Ordinal));
            await LookAsync(visit, state);
            await AxeAsync(visit, state);
            if (state is "admin" && width == 1280 && Environment.GetEnvironmentVariable("HANZO_SESSIONS_IMAGES") is { Length: > 0 } folder)
            {
                await PictureAsync(visit, folder, $"admin-{Name(scheme)}", whole: false);
            }
        });
    }

    [Test]
    [Description("Pages, WCAG 1.4.10, 2.5.8")]
    public async Task Nor_is_anything_too_wide_with_several_organizations([Values(320, 820, 1024)] int width)
    {
        await PageStates.SeedAsync(Web);
        var visit = await SignedInAsync("admin", AdminOfAll, options: new()
        {
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = width, Height = 740 },
        });
        foreach (var path in new[] { "/admin/sessions", "/admin/sessions?view=sessions", "/admin/sessions?view=history", "/admin/sessions?user=ada&organization=hanzo", "/account/sessions" })
        {
            await visit.OpenAsync(path);
            await LookAsync(visit, path);
        }
    }

    [Test]
    [Description("Pages")]
    public async Task On_a_phone_rows_are_cards_and_can_be_sorted()
    {
        await PageStates.SeedAsync(Web);
        var visit = await AdministratorAsync(options: new() { ViewportSize = new() { Width = 360, Height = 740 }, HasTouch = true });
        await Expect(visit.Tab.GetByRole(AriaRole.Columnheader, new() { Name = "Created" })).Not.ToBeInViewportAsync();
        await visit.Tab.GetByLabel("Sort by").SelectOptionAsync("Created, descending");
        await Expect(visit.Rows.First).ToContainTextAsync("mallory");
        await visit.Button("End the session of ben in app-hanzo: Edge on Windows").TapAsync();
        await visit.Button("End 1 session").TapAsync();
        await Expect(visit.Toast).ToContainTextAsync("Ended the session of ben");
    }

    private static async Task LookAsync(Visit visit, string state)
    {
        var overflow = await visit.Tab.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth");
        Assert.That(overflow, Is.LessThanOrEqualTo(0), state);
        Assert.That(await visit.Tab.EvaluateAsync<string[]>(SmallTargets), Is.Empty, state);
    }

    private static async Task AxeAsync(Visit visit, string state)
    {
        var found = JsonDocument.Parse(await visit.Tab.EvaluateAsync<string>(RunAxe)).RootElement;
        Assert.That(found.GetProperty("passes").GetInt32(), Is.GreaterThan(10), state);
        Assert.That(found.GetProperty("violations").EnumerateArray().Select(it => it.GetString()), Is.Empty, state);
    }

    private static Task<byte[]> PictureAsync(Visit visit, string folder, string name, bool whole) =>
        visit.Tab.ScreenshotAsync(new() { Path = Path.Combine(Repository.Root, folder, name + ".png"), FullPage = whole });

    private static string Name(ColorScheme scheme) => scheme == ColorScheme.Dark ? "dark" : "light";
}
