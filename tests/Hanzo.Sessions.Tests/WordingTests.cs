using System.Text.Json;

namespace Hanzo.Sessions.Tests;

/// <summary>What a person reads when something is wrong says what it is.</summary>
public sealed class WordingTests
{
    [Test, Description("I1 a fault names what is wrong")]
    public void Faults_say_what_is_wrong()
    {
        Assert.That(() => SessionUser.Parse("ada"), Throws.ArgumentException.With.Message.Contains("write organization/name"));
        Assert.That(() => SessionActor.Parse("ada"), Throws.InstanceOf<FormatException>().With.Message.Contains("user:organization/name or service:name"));
        Assert.That(() => SessionId.Parse("1"), Throws.InstanceOf<FormatException>().With.Message.Contains("32 hexadecimal digits"));
        Assert.That(() => new SessionTokenHash(new byte[31]), Throws.ArgumentException.With.Message.Contains("31 bytes; it must have exactly 32"));
        Assert.That(() => default(SessionToken).Reveal(), Throws.InvalidOperationException.With.Message.Contains("not a token"));
        Assert.That(
            () => JsonSerializer.Deserialize<SessionId>("\"1\""), Throws.TypeOf<JsonException>().With.Message.Contains("32 hexadecimal digits"));
        Assert.That(
            () => JsonSerializer.Deserialize<SessionToken>("\"hs1_\""),
            Throws.TypeOf<NotSupportedException>().With.Message.Contains("SessionToken is a secret; it cannot be read from JSON"));
    }

    [Test, Description("A sign-in is written with who and what for, and nothing secret")]
    public void A_sign_in_is_written_with_who_and_what_for()
    {
        Assert.That(new NewSession { User = Ada, Application = "shop" }.ToString(), Is.EqualTo("Sign-in of hanzo/ada to shop"));
        Assert.That(new NewSession { User = Ada }.ToString(), Is.EqualTo("Sign-in of hanzo/ada to the default application"));
    }

    [Test, Description("What is not there is written as nothing in a log")]
    public void What_is_missing_is_written_as_nothing() => Assert.That(new Printable(null).ToString(), Is.Empty);

    [Test, Description("Descriptive text that is missing or empty is none")]
    public async Task An_empty_user_agent_is_none()
    {
        var it = new Harness();
        var issued = await it.Manager.CreateAsync(new NewSession { User = Ada, UserAgent = "", AuthenticationMethods = null });
        Assert.That((issued.Session.UserAgent, issued.Session.AuthenticationMethods), Is.EqualTo((default(string), default(string))));
    }
}
