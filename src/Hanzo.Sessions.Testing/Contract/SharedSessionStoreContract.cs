using NUnit.Framework;

namespace Hanzo.Sessions.Testing;

/// <summary>
/// <see cref="SessionStoreContract"/>, and what a store must do besides if its data outlast the store object, and several
/// store objects, on one server or many, use the same data.
/// </summary>
public abstract class SharedSessionStoreContract : SessionStoreContract
{
    /// <summary>Opens another store object on the data of the last opened store, as a second server would.</summary>
    protected abstract Task<ISessionStore> OpenAgainAsync();

    [Test, Description("V4")]
    public async Task What_one_store_object_has_done_another_one_sees()
    {
        var second = await PreparedAsync(await OpenAgainAsync());
        var creation = await AddAsync(TestSessions.Of(Alice).Carrying(1, 2));
        AssertSame((await second.FindByTokenAsync(creation.TokenHash)).Session, creation.Session);

        await second.TouchAsync(creation.Session.TouchAt(Minute(5)));
        Assert.That((await StoredAsync(creation)).LastActiveAt, Is.EqualTo(Minute(5)));

        var next = TestSessions.NewTokenHash();
        await Store.RotateAsync(new SessionRotation(creation.TokenHash, next, null, Minute(6)));
        Assert.That((await second.FindByTokenAsync(creation.TokenHash)).Session, Is.Null);

        var move = (await StoredAsync(creation)).MoveTo("192.0.2.7", Minute(7));
        Assert.That((await second.MoveAsync(move)).IsWritten);
        Assert.That((await StoredAsync(creation)).LastUse, Is.EqualTo(move.Use));

        var termination = await second.TerminateAsync(SessionFilter.Of(Alice), SignedOut(Minute(8)));
        Assert.That(termination.Ended, Is.EqualTo(new[] { Ended(creation with { TokenHash = next }, SignedOut(Minute(8))) }));
        Assert.That((await Store.FindByTokenAsync(next)).Session?.End, Is.EqualTo(SignedOut(Minute(8))));
        Assert.That(await ActiveAsync(Minute(8)), Is.Empty);

        await second.ForgetAsync(Alice, SignedOut(Minute(9)));
        Assert.That((await Store.FindByTokenAsync(next)).Session, Is.Null);
    }

    [Test, Description("C2")]
    public async Task The_limit_holds_over_several_store_objects()
    {
        var second = await PreparedAsync(await OpenAgainAsync());
        var results = await AtOnceAsync(32, number =>
            (number % 2 == 0 ? Store : second).CreateAsync(TestSessions.Of(Alice).LimitedTo(10)));

        Assert.That(results.Count(result => result.Outcome == SessionCreationOutcome.Created), Is.EqualTo(10));
        Assert.That(await second.CountAsync(Listing(), Minute(1), 100), Is.EqualTo(10));
    }

    [Test, Description("T10")]
    public async Task Of_rotations_in_several_store_objects_one_succeeds()
    {
        var second = await PreparedAsync(await OpenAgainAsync());
        var creation = await AddAsync(TestSessions.Of(Alice));
        var results = await AtOnceAsync(8, number => (number % 2 == 0 ? Store : second).RotateAsync(
            new SessionRotation(creation.TokenHash, TestSessions.NewTokenHash(), null, Minute(1))));

        Assert.That(results.Count(session => session is not null), Is.EqualTo(1));
    }

    [Test, Description("U2")]
    public async Task Of_moves_in_several_store_objects_one_is_written()
    {
        var second = await PreparedAsync(await OpenAgainAsync());
        var creation = await AddAsync(TestSessions.Of(Alice).From("192.0.2.1"));
        var results = await AtOnceAsync(8, number => (number % 2 == 0 ? Store : second).MoveAsync(
            creation.Session.MoveTo($"198.51.100.{number}", Minute(1))));

        Assert.That(results.Count(result => result.IsWritten), Is.EqualTo(1));
    }

    [Test, Description("U6")]
    public async Task Moves_and_creates_in_several_store_objects_cross_the_threshold_of_the_alarm_once()
    {
        var second = await PreparedAsync(await OpenAgainAsync());
        for (var round = 0; round < 5; round++)
        {
            await AssertCrossedOnceAsync(new SessionUser("acme", $"user{round}"), Store, second);
        }
    }

    [Test, Description("K1")]
    public async Task Clean_ups_of_several_store_objects_end_every_session_once()
    {
        var second = await PreparedAsync(await OpenAgainAsync());
        var stored = await AddAsync(Enumerable.Range(0, 20).Select(_ => TestSessions.Of(Alice)));
        var batches = await AtOnceAsync(4, async number =>
        {
            List<EndedSession> ended = [];
            IReadOnlyList<EndedSession> batch;
            do
            {
                batch = await (number % 2 == 0 ? Store : second).ExpireBatchAsync(Minute(60), 3);
                ended.AddRange(batch);
            }
            while (batch.Count == 3);

            return ended;
        });

        Assert.That(Ids(batches.SelectMany(batch => batch)), Is.EquivalentTo(Ids(stored)));
    }

    [Test, Description("T8 L5")]
    public async Task Sessions_and_history_outlast_the_store_object()
    {
        var second = await PreparedAsync(await OpenAgainAsync());
        var active = await AddAsync(TestSessions.Of(Alice).Carrying(1));
        var ended = await AddAsync(TestSessions.Of(Alice).In("mail"));
        await EndAsync(ended, SignedOut(Minute(1)));
        await CloseAsync(Store);

        AssertSame((await second.FindByTokenAsync(active.TokenHash)).Session, active.Session);
        Assert.That((await second.FindByTokenAsync(ended.TokenHash)).Session?.End, Is.EqualTo(SignedOut(Minute(1))));
    }
}
