using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.StoreTests.BrokenStores;
using Hanzo.Sessions.Testing;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Hanzo.Sessions.StoreTests.Postgres;

/// <summary>How the store compares the clock of PostgreSQL with a step's instant.</summary>
public sealed class PostgresClockTests
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);

    [Test, Description("K2 the clock is that of BEGIN: a wait for the user's lock does not count")]
    public async Task The_time_of_a_step_is_its_arrival_and_not_when_it_gets_its_turn()
    {
        var database = await PostgresDatabase.CreateAsync();
        await using var store = database.Open();
        await store.PrepareAsync();
        var turn = BinaryPrimitives.ReadInt64BigEndian(
            SHA256.HashData(Encoding.UTF8.GetBytes($"Hanzo.Sessions/{PostgresDatabase.Schema}/{TestSessions.Alice}")));
        Task<SessionCreationResult> waiting;
        DateTimeOffset during;
        await using (await database.HoldAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({turn})")))
        {
            waiting = store.CreateAsync(
                TestSessions.Of(TestSessions.Alice).At(TimeProvider.System.GetUtcNow().AddHours(2)) with { Tolerance = Tolerance });
            await Until.TrueAsync(async () =>
                (long)(await database.ExecuteAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))! == 1, "the sign-in waits for its turn");
            during = new DateTimeOffset((DateTime)(await database.ExecuteAsync("SELECT clock_timestamp()"))!, TimeSpan.Zero);
        }

        var refusal = await Assert.ThrowsAsync<SessionClockException>(() => waiting);
        Assert.That(refusal!.StoreTime, Is.LessThan(during));
    }

    [TestCase(0, true)]
    [TestCase(1, false)]
    [Description("K2 exactly at the tolerance, and a millisecond beyond it")]
    public async Task The_tolerance_is_exact_at_both_ends(int beyond, bool isDone)
    {
        var clock = new TestClock();
        var database = await PostgresDatabase.CreateAsync();
        await using var store = database.Open(clock: clock);
        await store.PrepareAsync();
        foreach (var sign in new[] { -1, 1 })
        {
            var at = clock.GetUtcNow() + (sign * (Tolerance + TimeSpan.FromMilliseconds(beyond)));
            var creation = TestSessions.Of(TestSessions.Alice).At(at) with { Tolerance = Tolerance };
            var create = () => store.CreateAsync(creation);
            if (isDone)
            {
                await create();
                Assert.That((await store.TouchAsync(creation.Session.TouchAt(at) with { Tolerance = Tolerance })).IsActive);
            }
            else
            {
                var refusal = await Assert.ThrowsAsync<SessionClockException>(create);
                Assert.That((refusal!.ServerTime, refusal.StoreTime), Is.EqualTo((at, clock.GetUtcNow())));
            }
        }
    }

    [Test, Description("K2 a tolerance in parts of a millisecond is judged alike by the statement and by the store")]
    public async Task A_step_is_never_left_out_silently()
    {
        var clock = new TestClock();
        var database = await PostgresDatabase.CreateAsync();
        await using var store = database.Open(clock: clock);
        await store.PrepareAsync();
        for (var part = -12; part <= 12; part++)
        {
            var tolerance = TimeSpan.FromMilliseconds(5) + (part * 100 * Microsecond);
            var creation = TestSessions.Of(TestSessions.Alice).At(clock.GetUtcNow().AddMilliseconds(5)) with { Tolerance = tolerance };
            SessionCreationOutcome? outcome = null;
            try
            {
                outcome = (await store.CreateAsync(creation)).Outcome;
            }
            catch (SessionClockException)
            {
                // Refused, and said so.
            }

            Assert.That((await store.FindAsync(creation.Session.Id)).Session is not null, Is.EqualTo(outcome == SessionCreationOutcome.Created));
        }
    }

    [Test, Description("K2 K1 a repeat that is refused after a lost answer knows what the first attempt did, or says that it is unknown")]
    public async Task A_repeat_that_is_refused_does_not_say_that_nothing_changed(
        [Values("create", "terminate", "terminate all", "terminate nothing", "rotate", "rotate an unknown token", "payload", "touch", "move", "move nothing", "move and end", "forget", "expire", "expire a batch", "purge")] string call)
    {
        var clock = new TestClock();
        var database = await PostgresDatabase.CreateAsync();
        await using var proxy = new PostgresProxy(database.ConnectionString);
        await using var store = PostgresDatabase.OpenAs(proxy.ConnectionString, clock: clock);
        await store.PrepareAsync();
        var session = TestSessions.Of(TestSessions.Alice);
        var late = TestSessions.Of(TestSessions.Bob).Lasting(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        var ended = TestSessions.Of(TestSessions.AliceElsewhere);
        await store.CreateAsync(session);
        await store.CreateAsync(late);
        await store.CreateAsync(ended);
        await store.TerminateAsync(
            SessionFilter.Of(TestSessions.AliceElsewhere), new SessionEnd(TestSessions.Start, SessionEndReason.SignedOut, null));
        clock.Advance(TimeSpan.FromMinutes(2));
        var now = new StoreInstant(clock.GetUtcNow(), Tolerance);
        var (created, next) = (TestSessions.Of(TestSessions.Bob).At(now.At) with { Tolerance = Tolerance }, TestSessions.NewTokenHash());
        var end = new SessionEnd(now.At, SessionEndReason.TerminatedByAdmin, SessionActor.Service("a test"));

        proxy.LoseNextCommitAnswer();
        var answering = CallAsync();
        await clock.WaitForTimersAsync(); // the wait before the repeat
        clock.SetWallClock(now.At.AddHours(2));
        clock.AdvanceToNextTimer();
        var isUnknown = call is "rotate an unknown token" or "touch" or "expire" or "expire a batch" or "purge" or "forget";
        if (isUnknown || call is "terminate nothing" or "move nothing")
        {
            var refusal = await Assert.ThrowsAsync<SessionClockException>(() => answering);
            Assert.That(refusal!.IsOutcomeUnknown, Is.EqualTo(isUnknown));
            Assert.That(refusal.Message, Does.EndWith(isUnknown ? "it is unknown whether the call was done." : "Nothing was changed."));
        }
        else
        {
            Assert.That(await answering, Is.EqualTo(1));
        }

        Assert.That(proxy.HasLostAnswer);

        async Task<int> CallAsync()
        {
            switch (call)
            {
                case "create":
                    return (await store.CreateAsync(created)).Outcome == SessionCreationOutcome.Created ? 1 : 0;
                case "terminate":
                    return await TerminateAsync(SessionFilter.Of(TestSessions.Alice, session.Session.Id));
                case "terminate all":
                    return await TerminateAsync(SessionFilter.Of(TestSessions.Alice));
                case "terminate nothing":
                    return await TerminateAsync(SessionFilter.Of(TestSessions.AliceElsewhere));
                case "rotate":
                    return await RotateAsync(session.TokenHash);
                case "rotate an unknown token":
                    return await RotateAsync(TestSessions.NewTokenHash());
                case "payload":
                    return await store.ReplacePayloadAsync(new SessionPayloadChange(session.TokenHash, default, new byte[] { 9 }, now)) ? 1 : 0;
                case "touch":
                    return (await store.TouchAsync(session.Session.TouchAt(now.At) with { Tolerance = Tolerance })).IsActive ? 1 : 0;
                case "move":
                    return await MoveAsync(null, ends: false);
                case "move nothing":
                    return await MoveAsync(TestSessions.Start, ends: false);
                case "move and end":
                    return await MoveAsync(null, ends: true);
                case "forget":
                    return (await store.ForgetAsync(new SessionForgetting { User = TestSessions.Alice, End = end, Tolerance = Tolerance })).Count;
                case "expire":
                    return await store.ExpireAsync(late.Session.Id, now) is null ? 0 : 1;
                case "expire a batch":
                    return (await store.ExpireBatchAsync(now, 100)).Count;
                default:
                    return await store.PurgeAsync(now.At, now, 100);
            }
        }

        async Task<int> TerminateAsync(SessionFilter filter) =>
            (await store.TerminateAsync(new SessionTermination { Filter = filter, End = end, Tolerance = Tolerance })).Ended.Count(it => it.End == end);

        async Task<int> MoveAsync(DateTimeOffset? ifMovedAt, bool ends)
        {
            var move = session.Session.MoveTo("192.0.2.7", now.At) with { IfMovedAt = ifMovedAt, Ends = ends, Tolerance = Tolerance };
            var result = await store.MoveAsync(move);
            return result.IsWritten && result.Ended is not null == ends ? 1 : 0;
        }

        async Task<int> RotateAsync(SessionTokenHash current) =>
            await store.RotateAsync(new SessionRotation(current, next, null, now)) is null ? 0 : 1;
    }

    [Test, Description("K2 the second statement of a sign-in compares the clocks too")]
    public async Task A_clock_that_steps_between_the_two_statements_of_a_sign_in_changes_nothing()
    {
        var clock = new SteppingClock(TestSessions.Start, TestSessions.Start.AddHours(2));
        var database = await PostgresDatabase.CreateAsync();
        await using var store = database.Open(clock: clock);
        await store.PrepareAsync();
        var old = TestSessions.Of(TestSessions.Alice);
        await store.CreateAsync(old);
        clock.CallsUntilStep = 1;

        var creation = TestSessions.Of(TestSessions.Alice).LimitedTo(1, action: SessionLimitAction.EndOldest) with { Tolerance = Tolerance };
        await Assert.ThrowsAsync<SessionClockException>(() => store.CreateAsync(creation));

        Assert.That((await store.FindAsync(old.Session.Id)).Session?.End, Is.Null);
        Assert.That((await store.FindAsync(creation.Session.Id)).Session, Is.Null);
    }

    [Test, Description("K2 mutant: the statements without the condition")]
    public void A_statement_that_does_not_compare_the_clocks_is_caught()
    {
        PostgresServer.Require();
        var facts = TestFilter.FromXml("<filter><test re='1'>too_far.*[(,]61</test></filter>");
        var sound = ContractRunner.RunContract(typeof(ThroughProxy<Unchanged>), facts);
        var broken = ContractRunner.RunContract(typeof(ThroughProxy<WithoutTheCondition>), facts);

        Assert.That(sound.Select(result => result.ResultState.Status), Is.EqualTo(Enumerable.Repeat(TestStatus.Passed, 13)));
        Assert.That(broken, Has.Count.EqualTo(13));

        // A sign-in at which a session ends is refused by the first of its two statements, which changes nothing in either case.
        Assert.That(
            broken.Where(result => result.ResultState.Status != TestStatus.Failed).Select(result => result.Test.MethodName),
            Is.EqualTo(new[] { "A_create_whose_clock_is_too_far_from_the_stores_changes_nothing" }));
    }

    private interface IRewriting
    {
        static abstract (string Text, string By)? Rewrite { get; }
    }

    // NUnit leaves generic fixtures alone when it looks for tests by itself.
    private sealed class ThroughProxy<TRewriting> : ClockedSessionStoreContract
        where TRewriting : IRewriting
    {
        private readonly List<PostgresProxy> _proxies = [];

        protected override async Task<ISessionStore> OpenEmptyStoreAsync()
        {
            var database = await PostgresDatabase.CreateAsync();
            await using (var prepared = database.Open())
            {
                await prepared.PrepareAsync();
            }

            _proxies.Add(new PostgresProxy(database.ConnectionString) { Rewrite = TRewriting.Rewrite });
            return PostgresDatabase.OpenAs(_proxies[^1].ConnectionString);
        }

        protected override Task<ISessionStore> OpenAgainAsync() => throw new NotSupportedException();

        protected override async Task RemoveStoreAsync()
        {
            foreach (var proxy in _proxies)
            {
                await proxy.DisposeAsync();
            }

            _proxies.Clear();
        }
    }

    private sealed class Unchanged : IRewriting
    {
        public static (string Text, string By)? Rewrite => null;
    }

    private sealed class WithoutTheCondition : IRewriting
    {
        // Always true where no clock is replaced; the two texts are equally long.
        public static (string Text, string By)? Rewrite =>
            ("pg_catalog.transaction_timestamp()) BETWEEN", "NULL::timestamptz) IS NULL OR now() BETWEEN");
    }

    /// <summary>Shows the first instant for some calls, and then another one.</summary>
    private sealed class SteppingClock(DateTimeOffset first, DateTimeOffset then) : TimeProvider
    {
        private int _left = int.MaxValue;

        public int CallsUntilStep
        {
            set => _left = value;
        }

        public override DateTimeOffset GetUtcNow() => Interlocked.Decrement(ref _left) >= 0 ? first : then;
    }
}
