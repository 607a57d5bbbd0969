namespace Hanzo.Sessions.Tests;

public sealed class InputTests
{
    // A lone surrogate does not survive as the argument of an attribute.
    private static readonly string[] Impossible =
    [
        string.Empty, "\0", "a\0", "u\uD800", "\uDBFFu", "\uDC00\uD800",
        new('a', 257), new('ß', 129), new string('a', 253) + "\U0001F600", new('\u20AC', 86),
    ];

    private static readonly string[] Possible =
    [
        "a", " ", "a ", "ADA", "ß", "ss", "İ", "ı", "\u00E9", "e\u0301", "\u202E", "a\r\nb", "\U0001F600",
        new('a', 256), new('ß', 128), new string('a', 252) + "\U0001F600", new string('\u20AC', 85) + "a",
    ];

    [TestCaseSource(nameof(Impossible)), Description("I1 out of bounds is refused, naming the parameter")]
    public async Task A_name_out_of_bounds_is_refused_before_the_store_sees_it(string text)
    {
        var it = new Harness(wrap: _ => new Mock<ISessionStore>(MockBehavior.Strict).Object);

        Assert.That(ParameterOf(() => _ = new SessionUser(text, "ada")), Is.EqualTo("organization"));
        Assert.That(ParameterOf(() => _ = new SessionUser("hanzo", text)), Is.EqualTo("name"));
        Assert.That(ParameterOf(() => SessionScope.Of(text)), Is.EqualTo("organization"));
        Assert.That(ParameterOf(() => SessionActor.Service(text)), Is.EqualTo("name"));
        await Assert.ThatAsync(
            () => it.SignIn(application: text), Throws.ArgumentException.With.Property("ParamName").EqualTo("Application"));
        await Assert.ThatAsync(
            () => it.Manager.TerminateRecordAsync(Ada, text, Service), Throws.ArgumentException.With.Property("ParamName").EqualTo("application"));
    }

    [TestCaseSource(nameof(Possible)), Description("I1 within the bounds everything is accepted as it is")]
    public async Task A_name_within_the_bounds_is_kept_as_it_is(string text)
    {
        var it = new Harness();
        var user = new SessionUser(text, text);
        var issued = await it.SignIn(user, application: text);

        var session = (await it.Validate(issued)).Session!;

        Assert.That((session.User.Organization, session.User.Name, session.Application), Is.EqualTo((text, text, text)));
        Assert.That(await it.ActiveIds(user), Has.Count.EqualTo(1));
    }

    [Test, Description("I1 compared ordinally and never folded")]
    public async Task Names_that_only_look_alike_are_different_users()
    {
        var it = new Harness(options => options.MaxSessions = 1);
        string[] names = ["\u00E9", "e\u0301", "E\u0301", "ss", "ß", "SS", "i", "I", "İ", "ı", "a", "a ", " a", "\uFF41", "\u0430"];
        foreach (var name in names)
        {
            await it.SignIn(new SessionUser("hanzo", name));
        }

        Assert.That((await it.Manager.ListAsync(All())).Total, Is.EqualTo(names.Length));
        Assert.That(await it.Manager.TerminateAllAsync(new SessionUser("hanzo", "\u00E9"), Service), Has.Count.EqualTo(1));
    }

    [TestCase("a/b", Description = "I1 no slash in an organization or an application")]
    [TestCase("/", Description = "I1 no slash in an organization or an application")]
    public async Task Organization_and_application_contain_no_slash_and_a_name_may(string text)
    {
        Assert.That(ParameterOf(() => _ = new SessionUser(text, "ada")), Is.EqualTo("organization"));
        await Assert.ThatAsync(() => new Harness().SignIn(application: text), Throws.ArgumentException);
        Assert.That(new SessionUser("hanzo", text).Name, Is.EqualTo(text));
    }

    [TestCase("hanzo/ada", null, "hanzo", "ada", Description = "I1 split at the first slash")]
    [TestCase("hanzo/ada/lovelace", null, "hanzo", "ada/lovelace", Description = "I1 split at the first slash")]
    [TestCase("hanzo//ada", null, "hanzo", "/ada", Description = "I1 split at the first slash")]
    [TestCase("ada", "hanzo", "hanzo", "ada", Description = "I1 a bare name")]
    [TestCase("other/ada", "hanzo", "other", "ada", Description = "I1 the long form wins")]
    public void A_user_id_is_organization_and_name(string userId, string? defaultOrganization, string organization, string name)
    {
        var expected = new SessionUser(organization, name);

        Assert.That(SessionUser.Parse(userId, defaultOrganization), Is.EqualTo(expected));
        Assert.That(SessionUser.TryParse(userId, defaultOrganization, out var user));
        Assert.That(user, Is.EqualTo(expected));
        Assert.That(SessionUser.Parse(expected.ToString()), Is.EqualTo(expected));
    }

    [TestCase("", "hanzo", Description = "I1 no name")]
    [TestCase("/ada", "hanzo", Description = "I1 no organization")]
    [TestCase("hanzo/", "hanzo", Description = "I1 no name")]
    [TestCase("ada", null, Description = "I1 a bare name where none is accepted")]
    public void Other_text_is_no_user_id(string userId, string? defaultOrganization)
    {
        Assert.That(ParameterOf(() => SessionUser.Parse(userId, defaultOrganization)), Is.EqualTo("userId"));
        Assert.That(SessionUser.TryParse(userId, defaultOrganization, out _), Is.False);
        Assert.That(SessionUser.TryParse(null, defaultOrganization, out _), Is.False);
    }

    [Test, Description("I1 a message that says what is wrong, and cannot be forged")]
    public void A_refusal_shows_what_it_got_escaped_and_cut()
    {
        Assert.That(
            Assert.Throws<ArgumentException>(() => _ = new SessionUser("a/\r\n\u202Eb", "ada"))!.Message,
            Does.StartWith(@"organization must be 1 to 256 bytes of well-formed UTF-8 without NUL or '/'; it was 'a/\u000D\u000A\u202Eb'."));
        Assert.That(
            Assert.Throws<ArgumentException>(() => _ = new SessionUser("hanzo", new string('a', 300)))!.Message,
            Does.StartWith($"name must be 1 to 256 bytes of well-formed UTF-8 without NUL; it was '{new string('a', 40)}...' of 300 characters."));
        Assert.That(
            Assert.Throws<ArgumentException>(() => _ = new SessionUser("hanzo", null!))!.Message,
            Does.StartWith("name must be 1 to 256 bytes of well-formed UTF-8 without NUL; it was null."));
    }

    private static string? ParameterOf(Action refused) => Assert.Throws<ArgumentException>(() => refused())!.ParamName;
}
