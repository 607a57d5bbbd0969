using NUnit.Framework;

namespace Hanzo.Sessions.Testing;

/// <summary>
/// <see cref="SharedSessionStoreContract"/>, and what a store must do besides if its database has a clock of its own: it shows
/// the clock, and refuses a step whose instant is too far from it.
/// </summary>
public abstract class ClockedSessionStoreContract : SharedSessionStoreContract
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    // Half of the tolerance: the store's clock goes on between the two calls of a fact.
    private static readonly double[] TooFar = [-40 * 24 * 60, -120, -1.5, 1.5, 61, 40 * 24 * 60];
    private static readonly double[] NearEnough = [-0.5, 0, 0.5];

    [Test, Description("K2 a lookup and an inspection show the store's clock")]
    public async Task The_store_shows_its_clock()
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        DateTimeOffset?[] shown =
        [
            (await Store.FindAsync(creation.Session.Id)).StoreTime,
            (await Store.FindByTokenAsync(creation.TokenHash)).StoreTime,
            (await Store.InspectAsync()).StoreTime,
        ];

        Assert.That(shown, Has.None.Null);
        Assert.That(shown, Is.Ordered);
        Assert.That(shown[2] - shown[0], Is.LessThan(Tolerance));
    }

    [Test, Description("K2 each caller of a shared lookup gets the store's clock")]
    public async Task Lookups_at_once_each_show_a_time_of_their_own_call()
    {
        var creations = await AddAsync(Enumerable.Range(0, 8).Select(_ => TestSessions.Of(Alice)));
        var before = await StoreTimeAsync(creations[0]);
        var found = await AtOnceAsync(64, number => Store.FindByTokenAsync(creations[number % 8].TokenHash).AsTask());
        var after = await StoreTimeAsync(creations[0]);

        Assert.That(found.Select(it => it.StoreTime), Has.All.InRange(before, after));
    }

    [Test, Description("K2 a create")]
    public async Task A_create_whose_clock_is_too_far_from_the_stores_changes_nothing([ValueSource(nameof(TooFar))] double minutes)
    {
        var old = await AddAsync(TestSessions.Of(Alice));
        var at = await StoreTimeAsync(old) + TimeSpan.FromMinutes(minutes);
        var creation = TestSessions.Of(Alice).At(at).LimitedTo(1, action: SessionLimitAction.EndOldest).Over(old.TokenHash);

        await AssertRefusedAsync(at, () => Store.CreateAsync(creation with { Tolerance = Tolerance }));
        AssertSame(await StoredAsync(old), old.Session);
        Assert.That((await Store.FindAsync(creation.Session.Id)).Session, Is.Null);
    }

    [Test, Description("K2 a first create, at which nothing ends")]
    public async Task A_create_without_a_limit_whose_clock_is_too_far_from_the_stores_changes_nothing([ValueSource(nameof(TooFar))] double minutes)
    {
        var at = await StoreTimeAsync(await AddAsync(TestSessions.Of(Bob))) + TimeSpan.FromMinutes(minutes);
        var creation = TestSessions.Of(Alice).At(at) with { Tolerance = Tolerance };

        await AssertRefusedAsync(at, () => Store.CreateAsync(creation));
        Assert.That((await Store.FindAsync(creation.Session.Id)).Session, Is.Null);
    }

    [Test, Description("K2 an activity")]
    public async Task An_activity_whose_clock_is_too_far_from_the_stores_changes_nothing([ValueSource(nameof(TooFar))] double minutes)
    {
        var creation = await AddLongAgoAsync();
        var at = await StoreTimeAsync(creation) + TimeSpan.FromMinutes(minutes);

        await AssertRefusedAsync(at, () => Store.TouchAsync(creation.Session.TouchAt(at) with { Tolerance = Tolerance }).AsTask());
        AssertSame(await StoredAsync(creation), creation.Session);
    }

    [Test, Description("K2 each of several activities at once")]
    public async Task Of_activities_at_once_only_those_are_refused_whose_clock_is_too_far_from_the_stores()
    {
        var creations = new SessionCreation[32];
        for (var i = 0; i < creations.Length; i++)
        {
            creations[i] = await AddLongAgoAsync();
        }

        var now = await StoreTimeAsync(creations[0]);
        var refused = await AtOnceAsync(creations.Length, async number =>
        {
            try
            {
                var at = now.AddHours(number % 3 == 0 ? 2 : 0);
                Assert.That((await Store.TouchAsync(creations[number].Session.TouchAt(at) with { Tolerance = Tolerance })).IsActive);
                return false;
            }
            catch (SessionClockException)
            {
                return true;
            }
        });

        for (var i = 0; i < creations.Length; i++)
        {
            Assert.That(refused[i], Is.EqualTo(i % 3 == 0), $"activity {i}");
            Assert.That((await StoredAsync(creations[i])).LastActiveAt == creations[i].Session.LastActiveAt, Is.EqualTo(i % 3 == 0), $"activity {i}");
        }
    }

    [Test, Description("K2 a move, and one that ends its session")]
    public async Task A_move_whose_clock_is_too_far_from_the_stores_changes_nothing([ValueSource(nameof(TooFar))] double minutes, [Values] bool ends)
    {
        var creation = await AddLongAgoAsync();
        var at = await StoreTimeAsync(creation) + TimeSpan.FromMinutes(minutes);

        await AssertRefusedAsync(
            at, () => Store.MoveAsync(creation.Session.MoveTo("192.0.2.7", at) with { Ends = ends, Tolerance = Tolerance }));
        AssertSame(await StoredAsync(creation), creation.Session);
    }

    [Test, Description("K2 U7 forgetting: the caller repeats it by the earlier clock")]
    public async Task No_user_is_forgotten_by_a_clock_that_is_too_far_from_the_stores([ValueSource(nameof(TooFar))] double minutes)
    {
        var creation = await AddLongAgoAsync();
        var old = await AddAsync(TestSessions.Of(Alice).With(session => session with { KeepHistoryUntil = Start.AddYears(900) }));
        await EndAsync(old, SignedOut(Minute(1)));
        var at = await StoreTimeAsync(creation) + TimeSpan.FromMinutes(minutes);
        var forgetting = new SessionForgetting { User = Alice, End = SignedOut(at), Tolerance = Tolerance };

        await AssertRefusedAsync(at, () => Store.ForgetAsync(forgetting));
        AssertSame(await StoredAsync(creation), creation.Session);
        Assert.That((await StoredAsync(old)).End, Is.EqualTo(SignedOut(Minute(1))));
        Assert.That(Ids(await Store.ForgetAsync(forgetting with { Tolerance = null })), Does.Contain(creation.Session.Id));
    }

    [Test, Description("K2 a rotation")]
    public async Task A_rotation_whose_clock_is_too_far_from_the_stores_changes_nothing([ValueSource(nameof(TooFar))] double minutes)
    {
        var creation = await AddLongAgoAsync();
        var at = await StoreTimeAsync(creation) + TimeSpan.FromMinutes(minutes);
        var next = TestSessions.NewTokenHash();

        await AssertRefusedAsync(
            at, () => Store.RotateAsync(new SessionRotation(creation.TokenHash, next, new byte[] { 9 }, new StoreInstant(at, Tolerance))));
        AssertSame((await Store.FindByTokenAsync(creation.TokenHash)).Session, creation.Session);
        Assert.That((await Store.FindByTokenAsync(next)).Session, Is.Null);
    }

    [Test, Description("K2 a new payload")]
    public async Task A_new_payload_whose_clock_is_too_far_from_the_stores_changes_nothing([ValueSource(nameof(TooFar))] double minutes)
    {
        var creation = await AddLongAgoAsync();
        var at = await StoreTimeAsync(creation) + TimeSpan.FromMinutes(minutes);

        await AssertRefusedAsync(at, () => Store.ReplacePayloadAsync(
            new SessionPayloadChange(creation.TokenHash, creation.Session.Payload, new byte[] { 9 }, new StoreInstant(at, Tolerance))));
        AssertSame((await Store.FindByTokenAsync(creation.TokenHash)).Session, creation.Session);
    }

    [Test, Description("K2 a termination: the caller repeats it by the earlier clock")]
    public async Task A_termination_whose_clock_is_too_far_from_the_stores_changes_nothing(
        [ValueSource(nameof(TooFar))] double minutes, [Values] bool everywhere)
    {
        var creation = await AddLongAgoAsync();
        var at = await StoreTimeAsync(creation) + TimeSpan.FromMinutes(minutes);
        var termination = new SessionTermination
        {
            Filter = everywhere ? Everything : SessionFilter.Of(Alice),
            End = SignedOut(at),
            Tolerance = Tolerance,
        };

        await AssertRefusedAsync(at, () => Store.TerminateAsync(termination));
        AssertSame(await StoredAsync(creation), creation.Session);
        Assert.That(Ids((await Store.TerminateAsync(termination with { Tolerance = null })).Ended), Does.Contain(creation.Session.Id));
    }

    [Test, Description("K2 a timeout")]
    public async Task Nothing_times_out_by_a_clock_that_is_too_far_from_the_stores([ValueSource(nameof(TooFar))] double minutes, [Values] bool inBatches)
    {
        var active = await AddLongAgoAsync();
        var late = await AddAsync(TestSessions.Of(Bob).At(active.Session.CreatedAt).Lasting(Millisecond, Millisecond));
        var at = await StoreTimeAsync(active) + TimeSpan.FromMinutes(minutes);

        await AssertRefusedAsync(at, async () =>
        {
            if (inBatches)
            {
                await Store.ExpireBatchAsync(new StoreInstant(at, Tolerance), 100);
            }
            else
            {
                await Store.ExpireAsync(late.Session.Id, new StoreInstant(at, Tolerance));
            }
        });
        AssertSame(await StoredAsync(late), late.Session);
        AssertSame(await StoredAsync(active), active.Session);
    }

    [Test, Description("K2 history")]
    public async Task Nothing_is_purged_by_a_clock_that_is_too_far_from_the_stores([ValueSource(nameof(TooFar))] double minutes)
    {
        var creation = await AddAsync(TestSessions.Of(Alice));
        await EndAsync(creation, SignedOut(Minute(1)));
        var at = await StoreTimeAsync(creation) + TimeSpan.FromMinutes(minutes);

        await AssertRefusedAsync(at, () => Store.PurgeAsync(Minute(1), new StoreInstant(at, Tolerance), 100));
        Assert.That((await StoredAsync(creation)).End, Is.EqualTo(SignedOut(Minute(1))));
    }

    [Test, Description("K2 within the tolerance everything is done")]
    public async Task Within_the_tolerance_every_step_is_done([ValueSource(nameof(NearEnough))] double minutes)
    {
        var at = await StoreTimeAsync(await AddAsync(TestSessions.Of(Bob))) + TimeSpan.FromMinutes(minutes);
        at = new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
        var now = new StoreInstant(at, Tolerance);
        var created = await Store.CreateAsync(TestSessions.Of(Alice).At(at) with { Tolerance = Tolerance });
        var idle = await AddAsync(TestSessions.Of(Alice).At(at.AddHours(-1)));
        var due = await AddAsync(TestSessions.Of(AliceElsewhere).At(at.AddHours(-1)));
        var touched = await AddAsync(TestSessions.Of(Alice).At(at.AddMinutes(-10)));
        var next = TestSessions.NewTokenHash();

        Assert.That(created.Outcome, Is.EqualTo(SessionCreationOutcome.Created));
        Assert.That((await Store.TouchAsync(touched.Session.TouchAt(at) with { Tolerance = Tolerance })).IsActive);
        Assert.That((await StoredAsync(touched)).LastActiveAt, Is.EqualTo(at));
        Assert.That(await Store.ReplacePayloadAsync(new SessionPayloadChange(touched.TokenHash, default, new byte[] { 9 }, now)));
        Assert.That(await Store.RotateAsync(new SessionRotation(touched.TokenHash, next, null, now)), Is.Not.Null);
        Assert.That((await Store.MoveAsync((await StoredAsync(touched)).MoveTo("192.0.2.7", at) with { Tolerance = Tolerance })).IsWritten);
        Assert.That(await Store.ExpireAsync(idle.Session.Id, now), Is.Not.Null);
        Assert.That(Ids(await Store.ExpireBatchAsync(now, 100)), Does.Contain(due.Session.Id));
        Assert.That(
            (await Store.TerminateAsync(new SessionTermination { Filter = Only(touched), End = SignedOut(at), Tolerance = Tolerance })).Ended,
            Has.Count.EqualTo(1));
        Assert.That(await Store.PurgeAsync(at, now, 100), Is.GreaterThanOrEqualTo(2));
        Assert.That(
            await Store.ForgetAsync(new SessionForgetting { User = Alice, End = SignedOut(at), Tolerance = Tolerance }), Is.Not.Empty);
    }

    /// <summary>A session of Alice that is active whatever the store's clock shows, and whose last activity is before all of it.</summary>
    private Task<SessionCreation> AddLongAgoAsync() =>
        AddAsync(TestSessions.Of(Alice).At(Start.AddYears(-10)).Lasting(TimeSpan.FromDays(36500), TimeSpan.FromDays(36500)));

    private async Task<DateTimeOffset> StoreTimeAsync(SessionCreation stored) =>
        (await Store.FindAsync(stored.Session.Id)).StoreTime
        ?? throw new AssertionException("The lookup shows no clock: derive from SharedSessionStoreContract if the store has none.");

    private async Task AssertRefusedAsync(DateTimeOffset at, Func<Task> step)
    {
        var before = await StoreTimeAsync(await AddAsync(TestSessions.Of(AliceElsewhere)));
        SessionClockException? refusal = null;
        try
        {
            await step();
        }
        catch (SessionClockException fault)
        {
            refusal = fault;
        }

        Assert.That(refusal, Is.Not.Null, "the step must be refused");
        Assert.That(refusal!.ServerTime, Is.EqualTo(at).Within(Millisecond));
        Assert.That(refusal.StoreTime, Is.InRange(before, before + Tolerance));
        Assert.That(refusal.IsOutcomeUnknown, Is.False);
    }
}
