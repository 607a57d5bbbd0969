using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.Tests;

public sealed class LogTests
{
    private static readonly string[] Forgeries =
    [
        "eve\r\nSession 1 of root was created.", "eve\nroot", "eve\u2028root", "eve\u2029root",
        "eve\u0085root", "eve\u001B[2Jroot", "eve\u202Etoor", "\u2066eve\u2069", "eve\u200Broot", "eve\uFEFF", "eve\U000E0041",
    ];

    [Test, Description("C4, V1 each event has its line, level and number")]
    public async Task Each_event_has_a_line_with_a_number_of_its_own()
    {
        var it = new Harness(options => (options.MaxSessions, options.IpSpreadThreshold) = (2, 2));
        var first = await it.SignIn(ip: "203.0.113.1");
        await it.SignIn(ip: "203.0.113.2");
        await Assert.ThrowsAsync<SessionLimitExceededException>(() => it.SignIn());
        await it.Manager.ValidateAsync("nonsense");
        await it.Manager.RotateAsync(first.Token.Reveal());
        await it.Manager.ValidateAsync(first.Token.Reveal());
        await it.Manager.TerminateAsync(Ada, first.Session.Id, Service);
        await it.Manager.CleanUpAsync();

        Assert.That(it.Log.Lines.Select(line => (line.Id.Id, line.Level, line.Text)), Is.SupersetOf(new[]
        {
            (1, LogLevel.Information, $"Session {first.Session.Id} of hanzo/ada in app-hanzo was created."),
            (4, LogLevel.Warning, "The active sessions of hanzo/ada come from 2 distinct addresses."),
            (2, LogLevel.Warning, "A sign-in of hanzo/ada was refused: 2 sessions are active, the limit is 2."),
            (5, LogLevel.Debug, "A token was not accepted: Malformed."),
            (5, LogLevel.Debug, "A token was not accepted: Unknown."),
            (6, LogLevel.Information, $"Session {first.Session.Id} of hanzo/ada got a new token."),
            (3, LogLevel.Information, $"Session {first.Session.Id} of hanzo/ada ended: TerminatedByAdmin, by service:nightly."),
            (7, LogLevel.Debug, "Clean-up ended 0 sessions and purged 0."),
        }));
    }

    [TestCaseSource(nameof(Forgeries)), Description("User-controlled text cannot forge or turn around a line")]
    public async Task A_name_cannot_forge_a_line(string name)
    {
        var it = new Harness(options => (options.MaxSessions, options.IpSpreadThreshold) = (2, 2));
        var user = new SessionUser(name, name);
        var issued = await it.SignIn(user, application: name, ip: "203.0.113.1");
        await it.SignIn(user, application: name, ip: "203.0.113.2");
        var refusal = await Assert.ThrowsAsync<SessionLimitExceededException>(() => it.SignIn(user));
        await it.Manager.RotateAsync(issued.Token.Reveal());
        await it.Manager.TerminateAllAsync(user, SessionCaller.Service(name));

        Assert.That(it.Log.Lines, Has.Count.EqualTo(7));
        Assert.That(it.Log.Texts.Append(refusal!.Message).SelectMany(text => text).Where(IsUnsafe), Is.Empty);
        Assert.That(it.Log.Lines.SelectMany(line => line.Everything).Where(IsUnsafe), Is.Empty);
        Assert.That(it.Log.Texts, Has.All.Contains("\\u"));
    }

    [Test, Description("Harmless text is logged as it is")]
    public async Task A_name_in_any_script_is_logged_as_it_is()
    {
        var it = new Harness();
        await it.SignIn(new SessionUser("株式会社", "Ægir Þórsson"));

        Assert.That(it.Log.Texts.Single(), Does.Contain("株式会社/Ægir Þórsson"));
    }

    private static bool IsUnsafe(char character) =>
        char.IsControl(character) || char.IsSurrogate(character)
        || char.GetUnicodeCategory(character) is System.Globalization.UnicodeCategory.Format
            or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator;
}
