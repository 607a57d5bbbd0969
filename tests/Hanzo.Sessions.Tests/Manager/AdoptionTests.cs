namespace Hanzo.Sessions.Tests;

public sealed class AdoptionTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 16).Select(it => (byte)it)];

    [Test, Description("An old sign-in makes one session, however often it is presented")]
    public async Task The_same_old_sign_in_makes_one_session()
    {
        var it = new Harness();
        var token = SessionToken.Derive(Secret);

        Assert.That(await AdoptAsync(it, token), Is.True);
        Assert.That(await AdoptAsync(it, token), Is.False);

        var validation = await it.Manager.ValidateAsync(token.Reveal());
        Assert.That(validation.Status, Is.EqualTo(SessionStatus.Active));
        Assert.That(await it.ActiveIds(), Is.EqualTo(new[] { validation.Session!.Id }));
        await it.Manager.FlushObserversAsync();
        Assert.That(it.Observed.Created.Select(session => session.Id), Is.EqualTo(new[] { validation.Session.Id }));
    }

    [Test, Description("An old sign-in whose session has ended is not adopted again")]
    public async Task A_session_that_was_adopted_and_ended_is_not_made_again()
    {
        var it = new Harness();
        var token = SessionToken.Derive(Secret);
        await AdoptAsync(it, token);
        await it.Manager.TerminateUserAsync(Ada, SessionEndReason.UserDisabled, Service.Actor);

        Assert.That(await AdoptAsync(it, token), Is.False);
        Assert.That((await it.Manager.ValidateAsync(token.Reveal())).Status, Is.EqualTo(SessionStatus.Terminated));
    }

    [Test, Description("An old sign-in is known again after its session got a new token")]
    public async Task An_old_sign_in_is_known_again_after_a_rotation()
    {
        var it = new Harness();
        var token = SessionToken.Derive(Secret);
        await AdoptAsync(it, token);
        await it.Manager.RotateAsync(token.Reveal());

        Assert.That(await AdoptAsync(it, token), Is.False);
        Assert.That(await it.ActiveIds(), Has.Count.EqualTo(1));
    }

    [Test, Description("C2 the limit does not refuse an old sign-in")]
    public async Task The_limit_does_not_refuse_an_old_sign_in()
    {
        var it = new Harness();
        await it.SignIn(10);

        Assert.That(await AdoptAsync(it, SessionToken.Derive(Secret)), Is.True);
        Assert.That(await it.ActiveIds(), Has.Count.EqualTo(11));
    }

    [Test, Description("C7 history of an adopted session is kept as long as the old sign-in may be presented to any server")]
    public async Task History_is_kept_as_long_as_the_old_sign_in_may_be_presented()
    {
        var it = new Harness(options => options.HistoryRetention = TimeSpan.Zero);
        var token = SessionToken.Derive(Secret);
        await AdoptAsync(it, token);
        await it.Manager.TerminateUserAsync(Ada, SessionEndReason.UserDisabled, Service.Actor);
        it.Clock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromHours(1) - Ms);
        await it.Manager.CleanUpAsync();
        Assert.That(await AdoptAsync(it, token), Is.False, "an hour more, for a server whose clock is behind");

        it.Clock.Advance(Ms);
        await it.Manager.CleanUpAsync();

        Assert.That((await it.Manager.ValidateAsync(token.Reveal())).Status, Is.EqualTo(SessionStatus.Unknown));
    }

    [Test, Description("Two secrets have two tokens and two ids, and the same secret always the same")]
    public async Task The_token_and_the_id_follow_from_the_secret()
    {
        var (token, again) = (SessionToken.Derive(Secret), SessionToken.Derive(Secret));
        Assert.That(again.Reveal(), Is.EqualTo(token.Reveal()));
        List<SessionId> ids = [];
        for (byte last = 0; last < 64; last++)
        {
            var it = new Harness();
            await AdoptAsync(it, SessionToken.Derive([.. Secret, last]));
            ids.AddRange(await it.ActiveIds());
        }

        Assert.That(ids, Is.Unique);
        Assert.That(ids.Select(id => id.Value.Version), Is.All.EqualTo(8), "the version of the UUID");
        Assert.That(ids.Select(id => id.Value.Variant), Is.All.InRange(8, 11), "its variant");
        Assert.That(ids.Select(id => id.Value.Variant).Distinct().Count(), Is.EqualTo(4), "the bits beside the variant are the hash's");
        Assert.That(ids.Select(id => id.ToString()[13]).Distinct().Count() + ids.Select(id => id.ToString()[12]).Distinct().Count(), Is.GreaterThan(10));
    }

    [Test, Description("A secret that can be guessed is refused")]
    public void A_secret_of_fewer_than_16_bytes_is_refused() => Assert.That(
        () => SessionToken.Derive(Secret.AsSpan(0, 15)),
        Throws.ArgumentException.With.Message.Contains("has 15 bytes").And.Message.Contains("at least 16"));

    private static Task<bool> AdoptAsync(Harness it, SessionToken token) => it.Manager.AdoptAsync(
        new NewSession { User = Ada, Application = App }, token, TestSessions.Start.AddDays(7));
}
