using Microsoft.Playwright;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>Where rows are cards (phones, large zoom): whatever becomes longer makes room for itself.</summary>
internal sealed class CardTests : PageTest
{
    /// <summary>Boxes that reach out of their card, cards that overlap, and controls that a finger at their center does not reach.</summary>
    private const string Spilled = """
        () => {
          const box = (it) => it.getBoundingClientRect();
          const cards = [...document.querySelectorAll('tbody tr, .card')];
          const faults = [];
          cards.forEach((card, index) => {
            const next = cards[index + 1];
            if (next && box(card).bottom > box(next).top + 0.5) {
              faults.push(`card ${index} reaches ${box(card).bottom}, the next begins at ${box(next).top}`);
            }
            for (const part of card.querySelectorAll('button, li, dd, .user-text, .badge')) {
              if (part.checkVisibility({ visibilityProperty: true }) && (box(part).bottom > box(card).bottom + 0.5 || box(part).right > box(card).right + 0.5)) {
                faults.push(`card ${index}: ${part.textContent} reaches ${box(part).bottom}, the card ${box(card).bottom}`);
              }
            }
            for (const control of card.querySelectorAll('button')) {
              if (!control.checkVisibility({ visibilityProperty: true }) || control.closest('[inert]')) {
                continue;
              }
              control.scrollIntoView({ block: 'center' });
              const { left, top, width, height } = box(control);
              const hit = document.elementFromPoint(left + width / 2, top + height / 2);
              if (hit === null || !control.contains(hit)) {
                faults.push(`card ${index}: ${control.textContent || control.ariaLabel} is under ${hit?.outerHTML.slice(0, 80)}`);
              }
            }
          });
          return faults;
        }
        """;

    private const string TooWide = """
        () => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
          .filter((it) => it.checkVisibility() && it.getBoundingClientRect().right > innerWidth)
          .map((it) => `${it.outerHTML.slice(0, 80)} reaches ${it.getBoundingClientRect().right}`)
        """;

    private static readonly ViewportSize Phone = new() { Width = 360, Height = 740 };

    [Test]
    [Description("Pages, WCAG 1.4.4, 1.4.10")]
    public async Task After_an_end_a_card_grows_with_what_it_shows([Values("more", "rotated", "zoomed", "text")] string change)
    {
        for (var index = 0; index < 9; index++)
        {
            await SeedAsync("ada", UserAgents.SafariOnIPhone);
        }

        await SeedAsync("ada.second", UserAgents.EdgeOnWindows);
        await SeedAsync("ben", UserAgents.EdgeOnWindows);
        var visit = await AdministratorAsync(options: new() { ViewportSize = change is "zoomed" ? new() { Width = 760, Height = 900 } : Phone, HasTouch = true });
        await Expect(visit.Rows).ToHaveCountAsync(4);
        await visit.Row("ada").First.Locator(".tag-end").First.TapAsync();
        await visit.Button("End 1 session").TapAsync();
        await Expect(visit.Toast).ToContainTextAsync("Ended the session of ada");
        await visit.Row("ada.second").Locator(".tag-end").TapAsync();
        await visit.Button("End 1 session").TapAsync();
        await Expect(visit.Row("ada.second")).ToContainTextAsync("No sessions left");
        Assert.That(await visit.Tab.EvaluateAsync<string[]>(Spilled), Is.Empty, "before");

        switch (change)
        {
            case "more":
                await visit.Tab.Locator(".tag-more").TapAsync();
                break;
            case "rotated":
                await visit.Tab.SetViewportSizeAsync(740, 360);
                await visit.Tab.Locator(".tag-more").TapAsync();
                await visit.Tab.SetViewportSizeAsync(360, 740);
                break;
            case "zoomed":
                // 200 % of 760 px: the page has half the width.
                await visit.Tab.SetViewportSizeAsync(380, 450);
                break;
            default:
                await visit.Tab.EvaluateAsync("() => { document.documentElement.style.fontSize = '200%'; }");
                break;
        }

        Assert.That(await visit.Tab.EvaluateAsync<string[]>(Spilled), Is.Empty, change);
        Assert.That(await visit.Tab.EvaluateAsync<string[]>(TooWide), Is.Empty, change);
    }

    [Test]
    [Description("Pages")]
    public async Task An_end_moves_nothing_and_a_turned_phone_keeps_no_gap()
    {
        for (var index = 0; index < 6; index++)
        {
            await SeedAsync("ada", UserAgents.SafariOnIPhone);
        }

        await SeedAsync("ben", UserAgents.EdgeOnWindows);
        var visit = await AdministratorAsync(options: new() { ViewportSize = Phone, HasTouch = true });
        await Expect(visit.Rows).ToHaveCountAsync(3);
        var before = await TopAsync(visit.Row("ben"));
        await visit.Button("End all 6 sessions of ada in app-hanzo").TapAsync();
        await visit.Button("End 6 sessions").TapAsync();
        await Expect(visit.Row("ada")).ToContainTextAsync("No sessions left");
        Assert.That(await TopAsync(visit.Row("ben")), Is.EqualTo(before));

        Assert.That(await LeastHeightAsync(visit.Row("ada")), Is.Not.EqualTo("0px"));
        await visit.Tab.SetViewportSizeAsync(740, 360);
        await Expect(visit.Tab.Locator("tbody tr.emptied")).ToHaveCountAsync(1);
        Assert.That(await LeastHeightAsync(visit.Row("ada")), Is.EqualTo("0px"));
    }

    [Test]
    [Description("X1, U1, WCAG 1.4.4, 1.4.10")]
    public async Task A_card_for_each_session_has_room_for_both_places([Values("end", "rotated", "zoomed", "text")] string change)
    {
        await SeedAsync(new string('w', 60), UserAgents.SafariOnIPhone, "2001:db8:1234:5678:9abc:def0:1234:5678");
        var phone = await SeedAsync("ada", UserAgents.SafariOnIPhone);
        await UseAsync(phone, "2001:db8:aaaa:5678:9abc:def0:1234:5678", UserAgents.EdgeOnWindows);
        await SeedAsync("ben", UserAgents.EdgeOnWindows);
        var visit = await SignedInAsync("admin", Admin, options: new() { ViewportSize = change is "zoomed" ? new() { Width = 760, Height = 900 } : Phone, HasTouch = true });
        await visit.OpenAsync("/admin/sessions?view=sessions");
        await Expect(visit.Rows).ToHaveCountAsync(4);
        Assert.That(await visit.Tab.EvaluateAsync<string[]>(Spilled), Is.Empty, "before");
        var before = await TopAsync(visit.Rows.Last);
        await visit.Button("Terminate the session of ada in app-hanzo: Safari on iPhone").TapAsync();
        await visit.Button("End 1 session").TapAsync();
        await Expect(visit.RowOf(phone).Locator(".tag.ended")).ToHaveCountAsync(1);
        Assert.That(await TopAsync(visit.Rows.Last), Is.EqualTo(before));
        await visit.Tab.GetByLabel("Sort by").SelectOptionAsync("Expires, ascending");
        await Expect(visit.Rows).ToHaveCountAsync(3);
        switch (change)
        {
            case "rotated":
                await visit.Tab.SetViewportSizeAsync(740, 360);
                break;
            case "zoomed":
                await visit.Tab.SetViewportSizeAsync(380, 450);
                break;
            case "text":
                await visit.Tab.EvaluateAsync("() => { document.documentElement.style.fontSize = '200%'; }");
                break;
        }

        Assert.That(await visit.Tab.EvaluateAsync<string[]>(Spilled), Is.Empty, change);
        Assert.That(await visit.Tab.EvaluateAsync<string[]>(TooWide), Is.Empty, change);
    }

    [Test]
    [Description("Pages, WCAG 1.4.10")]
    public async Task The_cards_of_my_sessions_keep_apart_too([Values(360, 740)] int width)
    {
        await SeedAsync("ada", UserAgents.SafariOnIPhone, "2001:db8:1234:5678:9abc:def0:1234:5678");
        await SeedAsync("ada", UserAgents.EdgeOnWindows, application: new string('w', 120));
        var visit = await SignedInAsync("ada", options: new() { ViewportSize = new() { Width = width, Height = 700 }, HasTouch = true });
        await visit.OpenAsync("/account/sessions");
        await visit.Button("End session on Safari on iPhone").TapAsync();
        await visit.Button("End 1 session").TapAsync();
        await Expect(visit.Tab.Locator(".card.ended")).ToHaveCountAsync(1);
        await visit.Tab.SetViewportSizeAsync(width == 360 ? 740 : 360, 500);
        Assert.That(await visit.Tab.EvaluateAsync<string[]>(Spilled), Is.Empty);
    }

    private static Task<string> LeastHeightAsync(ILocator row) => row.EvaluateAsync<string>("row => getComputedStyle(row).minHeight");

    /// <summary>Where a row begins on the page, however far that is scrolled.</summary>
    private static Task<float> TopAsync(ILocator row) => row.EvaluateAsync<float>("row => row.getBoundingClientRect().top + scrollY");
}
