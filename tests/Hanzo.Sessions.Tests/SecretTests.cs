using System.Buffers.Text;
using System.Text.Json;

namespace Hanzo.Sessions.Tests;

public sealed class SecretTests
{
    [Test, Description("C1 neither printed nor serialised")]
    public async Task Neither_the_token_nor_its_hash_is_in_any_text_or_json()
    {
        var it = new Harness(options => options.MaxSessions = 1);
        var issued = await it.SignIn();
        var presenting = new NewSession { User = Ada, PresentedToken = issued.Token.Reveal() };
        var refusal = await Assert.ThrowsAsync<SessionLimitExceededException>(() => it.SignIn());
        var ended = (await it.Manager.TerminateAsync(Ada, issued.Session.Id, Service))!;
        var validation = await it.Validate(issued);
        object[] things =
        [
            issued, issued.Token, issued.Token.Hash(), issued.Session, ended, presenting, validation,
            new SessionCreation { Session = issued.Session, TokenHash = issued.Token.Hash(), Replaces = issued.Token.Hash() },
            new SessionRotation(issued.Token.Hash(), issued.Token.Hash(), null, it.Now),
            new SessionTerminationResult([ended]),
            new SessionRenewal([ended], issued),
        ];

        foreach (var thing in things)
        {
            AssertNoSecret($"{thing}", issued);
            AssertNoSecret(JsonSerializer.Serialize(thing), issued);
        }

        AssertNoSecret(refusal!.ToString(), issued);
        Assert.That(issued.Token.ToString(), Is.EqualTo("[redacted]"));
        Assert.That(issued.Token.Hash().ToString(), Is.EqualTo("[redacted]"));
        Assert.That(JsonSerializer.Serialize(issued.Token), Is.EqualTo("\"[redacted]\""));
    }

    [Test, Description("C1 a token is not read from JSON")]
    public void Neither_a_token_nor_a_hash_is_read_from_json()
    {
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Deserialize<SessionToken>("\"x\""));
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Deserialize<SessionTokenHash>("\"x\""));
    }

    [Test, Description("C1, V1 no log line of a whole life has the token or its hash")]
    public async Task No_log_line_of_a_whole_life_has_a_token_or_its_hash()
    {
        var it = new Harness(options => options.HistoryRetention = TimeSpan.Zero, observer: new Failing());
        var first = await it.SignIn(ip: "203.0.113.1");
        List<IssuedSession> canaries = [first, .. await it.SignIn(9)];
        await Assert.ThrowsAsync<SessionLimitExceededException>(() => it.SignIn());
        await it.Validate(first);
        canaries.Add(await it.SignIn(over: first.Token.Reveal()));
        await it.Validate(first);
        canaries.Add((await it.Manager.RotateAsync(canaries[1].Token.Reveal()))!);
        await it.Validate(canaries[1]);
        var change = await it.Manager.RenewAsync(Ada, canaries[^1].Token.Reveal(), SessionActor.Of(Ada));
        canaries.Add(change.Current!);
        await it.Manager.ValidateAsync(change.Current!.Token.Reveal() + "=");
        it.Clock.Advance(TimeSpan.FromHours(1));
        await it.Validate(change.Current);
        await it.Manager.CleanUpAsync();
        await it.Validate(change.Current);
        await it.Manager.FlushObserversAsync();

        Assert.That(it.Log.Lines, Has.Count.GreaterThan(30));
        foreach (var line in it.Log.Lines)
        {
            canaries.ForEach(canary => AssertNoSecret(line.Everything, canary));
        }
    }

    [Test, Description("C1 exceptions carry no secret")]
    public async Task No_exception_has_the_token_in_its_message()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        var token = issued.Token.Reveal();
        List<Exception?> faults =
        [
            await Assert.ThrowsAsync<SessionPayloadTooLargeException>(() => it.Manager.RotateAsync(token, new byte[SessionManager.MaxPayloadBytes + 1])),
            await Assert.ThrowsAsync<ArgumentException>(() => it.Manager.CreateAsync(
                new NewSession { User = Ada, PresentedToken = token, ExpiresAt = it.Now })),
            await Assert.ThrowsAsync<CurrentSessionException>(() => it.Manager.TerminateAllAsync(Ada, Using(issued))),
            Assert.Throws<FormatException>(() => SessionId.Parse(token)),
        ];

        faults.ForEach(fault => AssertNoSecret(fault!.ToString(), issued));
    }

    private static void AssertNoSecret(string text, IssuedSession issued)
    {
        var token = issued.Token.Reveal();
        var hash = issued.Token.Hash().ToArray();
        Assert.That(text, Does.Not.Contain(token));
        Assert.That(text, Does.Not.Contain(token[4..]));
        Assert.That(text, Does.Not.Contain(Convert.ToHexString(hash)).IgnoreCase);
        Assert.That(text, Does.Not.Contain(Convert.ToBase64String(hash)));
        Assert.That(text, Does.Not.Contain(Base64Url.EncodeToString(hash)));
    }

    private sealed class Failing : ISessionObserver
    {
        public ValueTask OnEndedAsync(EndedSession session, CancellationToken cancellationToken) =>
            throw new InvalidOperationException($"cannot handle {session}");
    }
}
