using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.Testing;

namespace Hanzo.Sessions.StoreTests.Postgres;

/// <summary>The connection breaks after the server has committed and before the store hears of it.</summary>
public sealed class PostgresLostAnswerTests
{
    private static readonly SessionEnd End = new(
        TestSessions.Start.AddMinutes(1), SessionEndReason.TerminatedByAdmin, SessionActor.Service("a test"));

    private PostgresProxy _proxy = null!;
    private PostgresSessionStore _store = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        var database = await PostgresDatabase.CreateAsync();
        _proxy = new PostgresProxy(database.ConnectionString);
        _store = PostgresDatabase.OpenAs(_proxy.ConnectionString);
        await _store.PrepareAsync();
    }

    [TearDown]
    public async Task CloseAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
            await _proxy.DisposeAsync();
        }
    }

    [Test, Description("C1 C2")]
    public async Task A_sign_in_has_made_one_session_and_says_so()
    {
        var creation = TestSessions.Of(TestSessions.Alice).LimitedTo(1);
        _proxy.LoseNextCommitAnswer();
        var result = await _store.CreateAsync(creation);

        Assert.That(_proxy.HasLostAnswer, Is.True);
        Assert.That(result.Outcome, Is.EqualTo(SessionCreationOutcome.Created));
        var query = new SessionQuery { Filter = SessionFilter.Of(TestSessions.Alice) }.Resolve(SessionView.Sessions);
        Assert.That((await _store.ListAsync(query, TestSessions.Start)).Select(it => it.Id), Is.EqualTo(new[] { creation.Session.Id }));
    }

    [Test, Description("C3 C5")]
    public async Task A_sign_in_reports_what_it_has_replaced_and_evicted()
    {
        var presented = TestSessions.Of(TestSessions.Bob);
        var oldest = TestSessions.Of(TestSessions.Alice).From("192.0.2.1").At(TestSessions.Start.AddMinutes(-1));
        await _store.CreateAsync(presented);
        await _store.CreateAsync(oldest);
        await _store.CreateAsync(TestSessions.Of(TestSessions.Alice).From("192.0.2.2"));

        _proxy.LoseNextCommitAnswer();
        var result = await _store.CreateAsync(
            TestSessions.Of(TestSessions.Alice).From("192.0.2.3").Over(presented.TokenHash)
                .LimitedTo(2, action: SessionLimitAction.EndOldest));

        Assert.That(_proxy.HasLostAnswer, Is.True);
        Assert.That(
            result.Ended.Select(it => (it.Id, it.End.Reason)),
            Is.EquivalentTo(new[] { (presented.Session.Id, SessionEndReason.Replaced), (oldest.Session.Id, SessionEndReason.Evicted) }));
        Assert.That((result.NetworksBefore, result.Networks), Is.EqualTo((2, 2)));
    }

    [Test, Description("T8")]
    public async Task A_termination_reports_what_it_has_ended()
    {
        var creations = new[] { TestSessions.Of(TestSessions.Alice), TestSessions.Of(TestSessions.Alice) };
        foreach (var creation in creations)
        {
            await _store.CreateAsync(creation);
        }

        _proxy.LoseNextCommitAnswer();
        var termination = await _store.TerminateAsync(SessionFilter.Of(TestSessions.Alice), End);

        Assert.That(_proxy.HasLostAnswer, Is.True);
        Assert.That(
            termination.Ended,
            Is.EquivalentTo(creations.Select(it => new EndedSession(it.Session.Id, it.Session.User, it.Session.Application, End, it.TokenHash))));
    }

    [Test, Description("T8 each end is reported once, also if two calls end sessions of a user in one millisecond")]
    public async Task A_termination_does_not_report_what_the_call_before_it_ended_in_the_same_millisecond()
    {
        var creations = Enumerable.Range(0, 3).Select(_ => TestSessions.Of(TestSessions.Alice)).ToList();
        foreach (var creation in creations)
        {
            await _store.CreateAsync(creation);
        }

        await _store.TerminateAsync(SessionFilter.Of(TestSessions.Alice, creations[0].Session.Id), End);
        _proxy.LoseNextCommitAnswer();
        var termination = await _store.TerminateAsync(SessionFilter.Of(TestSessions.Alice), End);

        Assert.That(_proxy.HasLostAnswer, Is.True);
        Assert.That(termination.Ended.Select(it => it.Id), Is.EquivalentTo(creations.Skip(1).Select(it => it.Session.Id)));
    }

    [Test, Description("T10")]
    public async Task A_rotation_has_given_the_new_token_and_says_so()
    {
        var creation = TestSessions.Of(TestSessions.Alice).Carrying(1, 2, 3);
        await _store.CreateAsync(creation);
        var next = TestSessions.NewTokenHash();

        _proxy.LoseNextCommitAnswer();
        var rotated = await _store.RotateAsync(new SessionRotation(creation.TokenHash, next, null, TestSessions.Start));

        Assert.That(_proxy.HasLostAnswer, Is.True);
        Assert.That(rotated?.Id, Is.EqualTo(creation.Session.Id));
        Assert.That((await _store.FindByTokenAsync(next)).Session?.Payload.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test, Description("T10")]
    public async Task A_payload_that_was_replaced_says_so()
    {
        var creation = TestSessions.Of(TestSessions.Alice).Carrying(1, 2, 3);
        await _store.CreateAsync(creation);

        _proxy.LoseNextCommitAnswer();
        var isReplaced = await _store.ReplacePayloadAsync(
            new SessionPayloadChange(creation.TokenHash, new byte[] { 1, 2, 3 }, new byte[] { 4 }, TestSessions.Start));

        Assert.That((_proxy.HasLostAnswer, isReplaced), Is.EqualTo((true, true)));
        Assert.That((await _store.FindByTokenAsync(creation.TokenHash)).Session?.Payload.ToArray(), Is.EqualTo(new byte[] { 4 }));
    }

    [Test, Description("U2 U6")]
    public async Task A_move_is_written_and_says_how_many_networks_there_were()
    {
        var creation = TestSessions.Of(TestSessions.Alice).From("192.0.2.1");
        await _store.CreateAsync(creation);
        await _store.CreateAsync(TestSessions.Of(TestSessions.Alice).From("192.0.2.2"));
        var move = creation.Session.MoveTo("192.0.2.3", TestSessions.Start.AddMinutes(5));

        _proxy.LoseNextCommitAnswer();
        var result = await _store.MoveAsync(move);

        Assert.That(_proxy.HasLostAnswer, Is.True);
        Assert.That(result, Is.EqualTo(new SessionMoveResult(true, null, 2, 3)));
        Assert.That((await _store.FindAsync(creation.Session.Id)).Session?.LastUse, Is.EqualTo(move.Use));
    }

    [Test, Description("U6 the crossing is announced also if the use is no move of its own")]
    public async Task A_use_that_is_no_move_is_written_and_says_how_many_networks_there_were()
    {
        var creation = TestSessions.Of(TestSessions.Alice).From("192.0.2.1");
        await _store.CreateAsync(creation);
        var move = creation.Session.MoveTo("192.0.2.3", TestSessions.Start.AddMinutes(5));
        move = move with { Use = move.Use with { MovedAt = null } };

        _proxy.LoseNextCommitAnswer();
        var result = await _store.MoveAsync(move);

        Assert.That(_proxy.HasLostAnswer, Is.True);
        Assert.That(result, Is.EqualTo(new SessionMoveResult(true, null, 1, 2)));
    }

    [Test, Description("U5 T8")]
    public async Task A_move_that_ends_its_session_reports_the_end_once()
    {
        var creation = TestSessions.Of(TestSessions.Alice).From("192.0.2.1");
        await _store.CreateAsync(creation);
        await _store.CreateAsync(TestSessions.Of(TestSessions.Alice).From("192.0.2.2"));
        var move = creation.Session.MoveTo("192.0.2.3", TestSessions.Start.AddMinutes(5)) with { Ends = true };
        var end = new SessionEnd(move.At, SessionEndReason.Moved, By: null);

        _proxy.LoseNextCommitAnswer();
        var result = await _store.MoveAsync(move);
        Assert.That(_proxy.HasLostAnswer, Is.True);
        Assert.That(
            (result.IsWritten, result.Ended),
            Is.EqualTo((true, new EndedSession(creation.Session.Id, creation.Session.User, creation.Session.Application, end, creation.TokenHash))));
        Assert.That(result.Networks, Is.EqualTo(1));

        _proxy.LoseNextCommitAnswer();
        Assert.That(await _store.MoveAsync(move), Is.EqualTo(new SessionMoveResult(false)), "another request with the same place in the same millisecond");
        Assert.That(_proxy.HasLostAnswer, Is.True);
    }

    [Test, Description("U2")]
    public async Task A_move_that_was_not_written_says_so()
    {
        var creation = TestSessions.Of(TestSessions.Alice).From("192.0.2.1");
        await _store.CreateAsync(creation);
        await _store.MoveAsync(creation.Session.MoveTo("192.0.2.3", TestSessions.Start.AddMinutes(5)));

        _proxy.LoseNextCommitAnswer();
        var result = await _store.MoveAsync(creation.Session.MoveTo("192.0.2.4", TestSessions.Start.AddMinutes(5)));

        Assert.That((_proxy.HasLostAnswer, result), Is.EqualTo((true, new SessionMoveResult(false))));
    }

    [Test, Description("U7 nothing is left that would tell what ended")]
    public async Task A_user_is_forgotten_and_the_ends_stay_unreported()
    {
        var creation = TestSessions.Of(TestSessions.Alice).With(
            session => session with { KeepHistoryUntil = TestSessions.Start.AddDays(1) });
        await _store.CreateAsync(creation);

        _proxy.LoseNextCommitAnswer();
        var ended = await _store.ForgetAsync(TestSessions.Alice, End);

        Assert.That(_proxy.HasLostAnswer, Is.True);
        Assert.That(ended, Is.Empty);
        Assert.That((await _store.FindAsync(creation.Session.Id)).Session, Is.Null);
        Assert.That((await _store.CreateAsync(creation)).Outcome, Is.EqualTo(SessionCreationOutcome.AlreadyExists));
    }

    [TestCase(false), TestCase(true), Description("U7 V4 the repeat does not bring the session back")]
    public async Task A_sign_in_whose_user_is_forgotten_before_its_repeat_is_not_made_again(bool isAdopted)
    {
        var clock = new TestClock();
        await using var store = PostgresDatabase.OpenAs(_proxy.ConnectionString, clock: clock);
        await store.PrepareAsync(); // opens a connection
        var now = clock.GetUtcNow();
        var creation = TestSessions.Of(TestSessions.Alice).At(now).From("192.0.2.1").LimitedTo(1)
            .With(session => session with { KeepHistoryUntil = isAdopted ? now.AddDays(1) : null });

        _proxy.LoseNextCommitAnswer();
        var creating = store.CreateAsync(creation);
        await clock.WaitForTimersAsync(); // the wait before the repeat
        var ended = await _store.ForgetAsync(TestSessions.Alice, End with { At = now.AddSeconds(1) });
        clock.AdvanceToNextTimer();
        var result = await creating;

        Assert.That(_proxy.HasLostAnswer, Is.True);
        Assert.That(ended.Select(it => it.Id), Is.EqualTo(new[] { creation.Session.Id }));
        Assert.That((await _store.FindByTokenAsync(creation.TokenHash)).Session, Is.Null);

        // The id of an adopted session may have been forgotten long before.
        Assert.That(result.Outcome, Is.EqualTo(isAdopted ? SessionCreationOutcome.AlreadyExists : SessionCreationOutcome.Created));
        Assert.That(result.Existing, Is.Null);
    }

    // A driver that has prepared a statement on a connection must not look for it on the next one.
    [TestCase("touch"), TestCase("touch, not due"), TestCase("expire"), TestCase("expire a batch"), TestCase("purge"), TestCase("move"), TestCase("forget")]
    [TestCase("list"), TestCase("records"), TestCase("count"), TestCase("addresses")]
    [Description("V6 what has been asked often is asked again on another connection")]
    public async Task A_call_whose_statement_the_lost_connection_had_prepared_is_done(string call)
    {
        var (first, second) = (TestSessions.Of(TestSessions.Alice).From("192.0.2.1"), TestSessions.Of(TestSessions.Bob).From("192.0.2.2"));
        await _store.CreateAsync(first);
        await _store.CreateAsync(second);
        var sessions = new SessionQuery { Filter = SessionFilter.Of(TestSessions.Alice) }.Resolve(SessionView.Sessions);
        var records = new SessionQuery { Filter = SessionFilter.Of(TestSessions.Alice) }.Resolve(SessionView.Records);
        for (var minute = 1; minute <= 4; minute++)
        {
            await CallAsync(TestSessions.Start.AddMinutes(minute));
        }

        _proxy.LoseNextCommitAnswer();
        await CallAsync(TestSessions.Start.AddMinutes(5));

        Assert.That(_proxy.HasLostAnswer, Is.True);

        async Task CallAsync(DateTimeOffset at)
        {
            object? answer = call switch
            {
                "touch" => (await _store.TouchAsync(first.Session.TouchAt(at))).IsActive ? 1 : 0,
                "touch, not due" => (await _store.TouchAsync(first.Session.TouchAt(at, ifLastActiveBy: TestSessions.Start.AddDays(-1)))).IsActive ? 1 : 0,
                "expire" => await _store.ExpireAsync(first.Session.Id, at),
                "expire a batch" => (await _store.ExpireBatchAsync(at, 500)).Count,
                "move" => (await _store.MoveAsync((await _store.FindAsync(first.Session.Id)).Session!.MoveTo("192.0.2.3", at))).IsWritten ? 1 : 0,
                "forget" => (await _store.ForgetAsync(TestSessions.AliceElsewhere, End with { At = at })).Count,
                "purge" => await _store.PurgeAsync(at, at, 500),
                "list" => (await _store.ListAsync(sessions, at)).Count,
                "records" => (await _store.ListRecordsAsync(records, at)).Count,
                "count" => await _store.CountAsync(sessions, at, 10),
                _ => (await _store.ListIpSpreadAsync(SessionScope.AllOrganizations, 1, 10, 0, at)).Count - 1,
            };
            Assert.That(answer, call.StartsWith("expire", StringComparison.Ordinal) || call is "purge" or "forget" ? Is.Null.Or.EqualTo(0) : Is.EqualTo(1));
        }
    }

    [Test, Description("V3")]
    public async Task An_activity_is_written()
    {
        var creation = TestSessions.Of(TestSessions.Alice);
        await _store.CreateAsync(creation);
        var at = TestSessions.Start.AddMinutes(5);

        _proxy.LoseNextCommitAnswer();
        Assert.That(await _store.TouchAsync(creation.Session.TouchAt(at)), Is.EqualTo(new SessionTouchResult(IsActive: true)));

        Assert.That(_proxy.HasLostAnswer, Is.True);
        Assert.That((await _store.FindAsync(creation.Session.Id)).Session?.LastActiveAt, Is.EqualTo(at));
    }
}
