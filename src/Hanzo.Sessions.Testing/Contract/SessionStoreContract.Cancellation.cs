using NUnit.Framework;

namespace Hanzo.Sessions.Testing;

public abstract partial class SessionStoreContract
{
    private static readonly CancellationToken Cancelled = new(canceled: true);

    [Test]
    public async Task A_cancelled_create_has_done_everything_or_nothing()
    {
        var presented = await AddAsync(TestSessions.Of(Alice));
        var creation = TestSessions.Of(Alice).At(Minute(1)).Over(presented.TokenHash);
        var done = await CompletesAsync(() => Store.CreateAsync(creation, Cancelled));

        Assert.That(await ActiveAsync(Minute(1)), Is.EqualTo(Ids([done ? creation : presented])));
    }

    [Test]
    public async Task A_cancelled_termination_has_done_everything_or_nothing()
    {
        var stored = await AddAsync(Enumerable.Range(0, 3).Select(_ => TestSessions.Of(Alice)));
        var done = await CompletesAsync(() => Store.TerminateAsync(SessionFilter.Of(Alice), SignedOut(Minute(1)), null, Cancelled));

        Assert.That(await ActiveAsync(Minute(1)), Is.EquivalentTo(done ? [] : Ids(stored)));
    }

    [Test]
    public async Task A_cancelled_rotation_has_done_everything_or_nothing()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).Carrying(1));
        var next = TestSessions.NewTokenHash();
        var done = await CompletesAsync(() => Store.RotateAsync(new SessionRotation(creation.TokenHash, next, new byte[] { 2 }, Minute(1)), Cancelled));

        Assert.That((await Store.FindByTokenAsync(next)).Session?.Payload.ToArray(), Is.EqualTo(done ? new byte[] { 2 } : null));
        Assert.That((await Store.FindByTokenAsync(creation.TokenHash)).Session?.Payload.ToArray(), Is.EqualTo(done ? null : new byte[] { 1 }));
    }

    [Test, Description("T10")]
    public async Task A_cancelled_change_of_a_payload_has_done_everything_or_nothing()
    {
        var creation = await AddAsync(TestSessions.Of(Alice).Carrying(1));
        var change = new SessionPayloadChange(creation.TokenHash, new byte[] { 1 }, new byte[] { 2 }, Minute(1));
        var done = await CompletesAsync(() => Store.ReplacePayloadAsync(change, Cancelled));

        Assert.That((await StoredAsync(creation)).Payload.ToArray(), Is.EqualTo(new[] { (byte)(done ? 2 : 1) }));
    }

    [Test]
    public async Task A_cancelled_clean_up_has_done_everything_or_nothing()
    {
        var stored = await AddAsync(Enumerable.Range(0, 3).Select(_ => TestSessions.Of(Alice)));
        var expired = await CompletesAsync(() => Store.ExpireBatchAsync(Minute(60), 10, Cancelled));
        Assert.That(Ids(await Store.ExpireBatchAsync(Minute(60), 10)), Is.EquivalentTo(expired ? [] : Ids(stored)));

        var purged = await CompletesAsync(() => Store.PurgeAsync(Minute(60), Minute(60), 10, Cancelled));
        Assert.That(await Store.PurgeAsync(Minute(60), Minute(60), 10), Is.EqualTo(purged ? 0 : 3));
    }

    [Test]
    public async Task A_cancelled_reading_or_touch_harms_nothing()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        await CompletesAsync(() => Store.FindByTokenAsync(creation.TokenHash, Cancelled).AsTask());
        await CompletesAsync(() => Store.FindAsync(creation.Session.Id, Cancelled).AsTask());
        await CompletesAsync(() => Store.ListAsync(Listing(), Minute(1), Cancelled));
        await CompletesAsync(() => Store.ListRecordsAsync(Listing(view: SessionView.Records), Minute(1), Cancelled));
        await CompletesAsync(() => Store.CountAsync(Listing(), Minute(1), 10, Cancelled));
        await CompletesAsync(() => Store.ListIpSpreadAsync(SessionScope.AllOrganizations, 2, 10, 0, Minute(1), Cancelled));
        var touched = await CompletesAsync(() => Store.TouchAsync(creation.Session.TouchAt(Minute(5)), Cancelled).AsTask());

        AssertSame(await StoredAsync(creation), touched ? creation.Session with { LastActiveAt = Minute(5) } : creation.Session);
    }

    [Test]
    public async Task A_create_that_is_cancelled_on_its_way_has_done_everything_or_nothing()
    {
        for (var round = 0; round < 10; round++)
        {
            using var cancellation = new CancellationTokenSource();
            var user = new SessionUser("acme", $"user{round}");
            var presented = await AddAsync(TestSessions.Of(user));
            var creation = TestSessions.Of(user).At(Minute(1)).LimitedTo(1).Over(presented.TokenHash);
            var (done, _) = await AtOnceAsync(
                () => CompletesAsync(() => Store.CreateAsync(creation, cancellation.Token)),
                async () =>
                {
                    await cancellation.CancelAsync();
                    return true;
                });
            var active = await ActiveAsync(Minute(1), SessionFilter.Of(user));

            Assert.That(active, Is.EqualTo(Ids([creation])).Or.EqualTo(Ids([presented])));
            Assert.That(!done || active[0] == creation.Session.Id, "what the store has acknowledged is done");
            Assert.That((await Store.FindByTokenAsync(creation.TokenHash)).Session is not null, Is.EqualTo(active[0] == creation.Session.Id));
        }
    }

    [Test]
    public async Task A_clean_up_that_is_cancelled_on_its_way_has_done_everything_or_nothing()
    {
        for (var round = 0; round < 10; round++)
        {
            using var cancellation = new CancellationTokenSource();
            var stored = await AddAsync(Enumerable.Range(0, 10).Select(_ => TestSessions.Of(Alice)));
            IReadOnlyList<EndedSession> ended = [];
            await AtOnceAsync(
                () => CompletesAsync(async () => ended = await Store.ExpireBatchAsync(Minute(60), 20, cancellation.Token)),
                async () =>
                {
                    await cancellation.CancelAsync();
                    return true;
                });
            var rest = await Store.ExpireBatchAsync(Minute(60), 20);

            Assert.That(Ids(ended.Concat(rest)), Is.EquivalentTo(Ids(stored)), "the store reports each once");
        }
    }

    /// <summary>True if the call completed; false if it was canceled.</summary>
    private static async Task<bool> CompletesAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
