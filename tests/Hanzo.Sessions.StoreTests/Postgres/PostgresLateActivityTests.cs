using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.Testing;
using Npgsql;

namespace Hanzo.Sessions.StoreTests.Postgres;

/// <summary>
/// A session whose time is up for a sign-in, or that it presents, is being changed by a transaction that has not
/// committed yet when the sign-in looks: the sign-in waits for it and counts what has come of it.
/// </summary>
public sealed class PostgresLateActivityTests
{
    private PostgresDatabase _database = null!;
    private PostgresSessionStore _store = null!;
    private SessionCreation _late = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        _database = await PostgresDatabase.CreateAsync();
        _store = _database.Open(configure: options => options.LockTimeout = TimeSpan.FromMinutes(1));
        await _store.PrepareAsync();
        _late = TestSessions.Of(TestSessions.Alice);
        await _store.CreateAsync(_late);
    }

    [TearDown]
    public async Task CloseAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    [Test, Description("C2")]
    public async Task A_session_that_is_prolonged_meanwhile_counts_and_the_sign_in_is_refused()
    {
        var result = await CreateWhileAsync(Prolonging, SignIn());

        Assert.That(result.Outcome, Is.EqualTo(SessionCreationOutcome.LimitReached));
        Assert.That(result.Ended, Is.Empty);
        Assert.That(result.ActiveSessions.Select(it => (it.Id, it.LastActiveAt)), Is.EqualTo(new[] { (_late.Session.Id, LastMoment) }));
        Assert.That(await ActiveAsync(), Is.EqualTo(new[] { _late.Session.Id }));
    }

    [Test, Description("C2 C3")]
    public async Task A_session_that_is_prolonged_meanwhile_is_evicted()
    {
        var next = SignIn(SessionLimitAction.EndOldest);
        var result = await CreateWhileAsync(Prolonging, next);

        Assert.That(result.Ended.Select(it => (it.Id, it.End.Reason)), Is.EqualTo(new[] { (_late.Session.Id, SessionEndReason.Evicted) }));
        Assert.That(await ActiveAsync(), Is.EqualTo(new[] { next.Session.Id }));
    }

    [Test, Description("C2 C5")]
    public async Task A_presented_session_that_is_prolonged_meanwhile_is_replaced()
    {
        var next = SignIn().Over(_late.TokenHash);
        var result = await CreateWhileAsync(Prolonging, next);

        Assert.That(result.Ended.Select(it => (it.Id, it.End.Reason)), Is.EqualTo(new[] { (_late.Session.Id, SessionEndReason.Replaced) }));
        Assert.That(await ActiveAsync(), Is.EqualTo(new[] { next.Session.Id }));
    }

    [Test, Description("C2 K1")]
    public async Task A_session_that_somebody_else_times_out_meanwhile_keeps_no_place_and_is_not_reported_again()
    {
        var next = SignIn();
        var result = await CreateWhileAsync(TimingOut, next);

        Assert.That(result.Outcome, Is.EqualTo(SessionCreationOutcome.Created));
        Assert.That(result.Ended, Is.Empty);
        Assert.That(await ActiveAsync(), Is.EqualTo(new[] { next.Session.Id }));
    }

    [Test, Description("C2 C5")]
    public async Task A_presented_session_that_somebody_else_ends_meanwhile_keeps_no_place()
    {
        var next = SignIn().At(LastMoment).Over(_late.TokenHash);
        var result = await CreateWhileAsync(
            $"SET ended_at = timestamptz '{LastMoment:O}', active_until = timestamptz '{LastMoment:O}', end_reason = 2, due_at = NULL, payload = NULL",
            next);

        Assert.That(result.Outcome, Is.EqualTo(SessionCreationOutcome.Created));
        Assert.That(result.Ended, Is.Empty);
        Assert.That(await ActiveAsync(), Is.EqualTo(new[] { next.Session.Id }));
    }

    [Test, Description("C2 C5 T10")]
    public async Task A_presented_session_that_gets_another_token_meanwhile_keeps_its_place()
    {
        var next = SignIn().At(LastMoment).Over(_late.TokenHash);
        var result = await CreateWhileAsync("SET token_hash = decode(repeat('ab', 32), 'hex')", next);

        Assert.That(result.Outcome, Is.EqualTo(SessionCreationOutcome.LimitReached));
    }

    private static DateTimeOffset LastMoment => TestSessions.Start.AddMinutes(60).AddMilliseconds(-1);

    private static string Prolonging =>
        $"SET last_active_at = timestamptz '{LastMoment:O}', active_until = timestamptz '{LastMoment.AddMinutes(60):O}'";

    private static string TimingOut => "SET ended_at = active_until, end_reason = 6, due_at = NULL, payload = NULL";

    private SessionCreation SignIn(SessionLimitAction action = SessionLimitAction.Refuse) =>
        TestSessions.Of(TestSessions.Alice).At(_late.Session.ActiveUntil).LimitedTo(1, action: action);

    private async Task<SessionCreationResult> CreateWhileAsync(string change, SessionCreation creation)
    {
        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand($"UPDATE hanzo_sessions.sessions {change}", connection, transaction);
        Assert.That(await command.ExecuteNonQueryAsync(), Is.EqualTo(1));
        var creating = _store.CreateAsync(creation);
        await Until.TrueAsync(
            async () => creating.IsCompleted || await _database.ExecuteAsync(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") is > 0L,
            "the sign-in waits for the row");
        Assert.That(creating.IsCompleted, Is.False, "it waits");
        await transaction.CommitAsync();
        return await creating;
    }

    private async Task<IEnumerable<SessionId>> ActiveAsync()
    {
        var query = new SessionQuery { Filter = SessionFilter.Of(TestSessions.Alice) }.Resolve(SessionView.Sessions);
        return (await _store.ListAsync(query, _late.Session.ActiveUntil)).Select(it => it.Id);
    }
}
