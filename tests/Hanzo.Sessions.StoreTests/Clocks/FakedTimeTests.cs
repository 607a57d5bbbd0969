using System.Globalization;

namespace Hanzo.Sessions.StoreTests.Clocks;

/// <summary>Two processes on one PostgreSQL server. The clock of one of them is wrong, as a machine's clock is: from outside.</summary>
public sealed class FakedTimeTests
{
    private const string Worker = "Hanzo.Sessions.StoreTests.ClockWorker";

    private PostgresDatabase _database = null!;
    private WorkerProcess _right = null!;
    private FakedClock? _clock;
    private WorkerProcess? _wrong;

    [SetUp]
    public async Task StartAsync()
    {
        FakedClock.Require();
        _database = await PostgresDatabase.CreateAsync();
        _right = WorkerProcess.Start(Worker, _database.ConnectionString);
        Assert.That(await _right.ReadLineAsync(), Is.EqualTo("ready"));
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (_right is not null)
        {
            await _right.DisposeAsync();
        }

        if (_wrong is not null)
        {
            await _wrong.DisposeAsync();
        }

        _clock?.Dispose();
        (_wrong, _clock) = (null, null);
    }

    [TestCase(61, Description = "K2 61 minutes ahead at start")]
    [TestCase(40 * 24 * 60, Description = "K2 40 days ahead at start")]
    public async Task A_server_that_starts_ahead_ends_and_purges_nothing(int minutes)
    {
        var (token, ended, old) = (await InAsync("alice"), await InAsync("bob"), await InAsync("carol"));
        await _right.AskAsync("end bob");
        await AgeAsync("carol", TimeSpan.FromMinutes(90));
        var wrong = await StartWrongAsync(TimeSpan.FromMinutes(minutes));

        Assert.That(await wrong.AskAsync("clean"), Is.EqualTo("refused"));
        Assert.That(await wrong.AskAsync($"validate {token}"), Is.EqualTo("refused"));
        Assert.That(await wrong.AskAsync("in alice"), Is.EqualTo("refused"));
        Assert.That(await wrong.AskAsync($"rotate {token}"), Is.EqualTo("refused"));
        Assert.That(await _database.ExecuteAsync("SELECT count(*) FROM hanzo_sessions.sessions WHERE ended_at IS NULL"), Is.EqualTo(2));
        Assert.That(await _right.AskAsync($"validate {token}"), Is.EqualTo("Active"));
        Assert.That(await _right.AskAsync($"validate {ended}"), Is.EqualTo("Terminated"), "history is not purged");

        // What both call over ends; one line says what is wrong.
        Assert.That(await wrong.AskAsync($"validate {old}"), Is.EqualTo("IdleTimeout"));
        Assert.That(await wrong.AskAsync("lines"), Does.StartWith("1 The clock of this server shows "));

        // Corrected while it runs, it goes on.
        _clock!.Set(TimeSpan.Zero);
        Assert.That(await wrong.AskAsync("clean"), Is.EqualTo("0 0"));
        Assert.That(await wrong.AskAsync($"validate {token}"), Is.EqualTo("Active"));
        Assert.That(await wrong.AskAsync("in alice"), Is.Not.EqualTo("refused"));
    }

    [Test, Description("K2 two hours behind")]
    public async Task A_server_that_is_behind_lets_the_others_sessions_in_and_dates_nothing()
    {
        var (token, old) = (await InAsync("alice"), await InAsync("bob"));
        await AgeAsync("bob", TimeSpan.FromMinutes(90));
        var wrong = await StartWrongAsync(TimeSpan.FromHours(-2));

        Assert.That(await wrong.AskAsync($"validate {token}"), Is.EqualTo("Active"));
        Assert.That(await wrong.AskAsync($"validate {old}"), Is.EqualTo("refused"), "over to the store only");
        Assert.That(await wrong.AskAsync("in alice"), Is.EqualTo("refused"));
        Assert.That(await wrong.AskAsync("clean"), Is.EqualTo("refused"));
        Assert.That(await _right.AskAsync("clean"), Is.EqualTo("1 0"));
        Assert.That(await _right.AskAsync($"validate {token}"), Is.EqualTo("Active"));
    }

    [TestCase(120, Description = "K2 ahead: dated by the store's clock")]
    [TestCase(-120, Description = "K2 behind: dated by the server's clock")]
    public async Task An_end_that_was_asked_for_holds_at_once_and_is_dated_by_the_earlier_clock(int minutes)
    {
        var token = await InAsync("alice");
        var wrong = await StartWrongAsync(TimeSpan.FromMinutes(minutes));
        var before = TimeProvider.System.GetUtcNow().AddMinutes(Math.Min(minutes, 0));

        var answer = (await wrong.AskAsync("end alice")).Split(' ');

        var after = TimeProvider.System.GetUtcNow().AddMinutes(Math.Min(minutes, 0));
        Assert.That(answer[1], Is.EqualTo("TerminatedByAdmin"));
        Assert.That(
            DateTimeOffset.Parse(answer[0], CultureInfo.InvariantCulture),
            Is.InRange(before.AddSeconds(-2), after.AddSeconds(2)));
        Assert.That(await _right.AskAsync($"validate {token}"), Is.EqualTo("Terminated"));
    }

    [Test, Description("K2 the clock steps while the server works")]
    public async Task A_clock_that_steps_while_the_server_runs_ends_nothing([Values(7200, -7200, 3460000)] int seconds)
    {
        var wrong = await StartWrongAsync(TimeSpan.Zero);
        var token = await wrong.AskAsync("in alice");
        Assert.That(await wrong.AskAsync($"validate {token}"), Is.EqualTo("Active"));
        for (var round = 0; round < 3; round++)
        {
            _clock!.Set(TimeSpan.FromSeconds(seconds));
            Assert.That(await wrong.AskAsync("clean"), Is.EqualTo("refused"));
            Assert.That(await wrong.AskAsync("in bob"), Is.EqualTo("refused"));
            Assert.That(await wrong.AskAsync($"validate {token}"), Is.EqualTo(seconds > 0 ? "refused" : "Active"));
            Assert.That(await _right.AskAsync($"validate {token}"), Is.EqualTo("Active"));
            _clock.Set(TimeSpan.Zero);
            Assert.That(await wrong.AskAsync("clean"), Is.EqualTo("0 0"));
            Assert.That(await wrong.AskAsync($"validate {token}"), Is.EqualTo("Active"));
        }
    }

    [Test, Description("K2 within the tolerance a server works as usual")]
    public async Task A_server_that_is_half_a_minute_away_works([Values(-30, 30)] int seconds)
    {
        var wrong = await StartWrongAsync(TimeSpan.FromSeconds(seconds));
        var token = await wrong.AskAsync("in alice");
        Assert.That(await _right.AskAsync($"validate {token}"), Is.EqualTo("Active"));
        Assert.That(await wrong.AskAsync("clean"), Is.EqualTo("0 0"));
        Assert.That(await wrong.AskAsync("lines"), Is.EqualTo("0 "));
    }

    [Test, Description("Mutant: a server that compares no clocks, as 0.1")]
    public async Task A_server_that_compares_no_clocks_is_caught()
    {
        var (token, ended) = (await InAsync("alice"), await InAsync("bob"));
        await _right.AskAsync("end bob");
        var wrong = await StartWrongAsync(TimeSpan.FromDays(40), "unchecked");

        Assert.That(await wrong.AskAsync("clean"), Is.EqualTo("1 2"));
        Assert.That(await _right.AskAsync($"validate {token}"), Is.EqualTo("Unknown"));
        Assert.That(await _right.AskAsync($"validate {ended}"), Is.EqualTo("Unknown"));
    }

    private async Task<string> InAsync(string user) => await _right.AskAsync($"in {user}");

    private async Task<WorkerProcess> StartWrongAsync(TimeSpan ahead, params IEnumerable<string> mode)
    {
        _clock = new FakedClock(ahead);
        _wrong = WorkerProcess.Start(_clock, Worker, [_database.ConnectionString, .. mode]);
        Assert.That(await _wrong.ReadLineAsync(), Is.EqualTo("ready"));
        var shown = DateTimeOffset.Parse(await _wrong.AskAsync("clock"), CultureInfo.InvariantCulture);
        Assert.That(shown - TimeProvider.System.GetUtcNow(), Is.EqualTo(ahead).Within(TimeSpan.FromSeconds(5)), "libfaketime must work here");
        return _wrong;
    }

    /// <summary>Makes a user's sessions older.</summary>
    private async Task AgeAsync(string user, TimeSpan by) => await _database.ExecuteAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"""
        UPDATE hanzo_sessions.sessions SET
            created_at = created_at - interval '{by.TotalSeconds} s', last_active_at = last_active_at - interval '{by.TotalSeconds} s',
            active_until = active_until - interval '{by.TotalSeconds} s', due_at = due_at - interval '{by.TotalSeconds} s',
            expires_at = expires_at - interval '{by.TotalSeconds} s'
        WHERE user_name = '{user}'
        """));
}
