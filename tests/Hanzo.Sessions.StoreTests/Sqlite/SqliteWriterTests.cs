using Hanzo.Sessions.Sqlite;
using Hanzo.Sessions.Testing;

namespace Hanzo.Sessions.StoreTests.Sqlite;

/// <summary>The queue before the one connection that writes.</summary>
public sealed class SqliteWriterTests
{
    private readonly ManualResetEventSlim _gate = new();
    private SqliteFolder _folder = new();
    private SqliteSessionStore _store = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        _gate.Reset();
        _folder = new SqliteFolder();
        _store = _folder.Open();
        await _store.PrepareAsync();
    }

    [TearDown]
    public void Close()
    {
        _gate.Set();
        _store.Dispose();
        _folder.Delete();
    }

    [OneTimeTearDown]
    public void DisposeGate() => _gate.Dispose();

    [Test]
    public async Task A_call_that_is_cancelled_while_it_waits_for_the_writer_has_done_nothing()
    {
        var busy = await OccupyAsync();
        using var cancellation = new CancellationTokenSource();
        var cancelled = TestSessions.Of(TestSessions.Alice);
        var kept = TestSessions.Of(TestSessions.Alice);
        var first = _store.CreateAsync(cancelled, cancellation.Token);
        var second = _store.CreateAsync(kept, CancellationToken.None);

        await cancellation.CancelAsync();
        Assert.That(() => first, Throws.InstanceOf<OperationCanceledException>());
        _gate.Set();
        await Task.WhenAll(busy, second);

        Assert.That((await _store.FindAsync(cancelled.Session.Id)).Session, Is.Null);
        Assert.That((await _store.FindAsync(kept.Session.Id)).Session, Is.Not.Null);
    }

    [Test]
    public async Task Writes_that_wait_share_one_commit()
    {
        using var other = _folder.Open();
        var commits = 0;
        var busy = await OccupyAsync(connection => SQLitePCL.raw.sqlite3_commit_hook(
            connection.Driver.Handle,
            _ =>
            {
                commits++;
                return 0;
            },
            null));
        var waiting = Enumerable.Range(0, 20).Select(_ => other.CreateAsync(TestSessions.Of(TestSessions.Alice))).ToList();

        _gate.Set();
        await Task.WhenAll([busy, .. waiting]);

        Assert.That(waiting.Select(task => task.Result.Outcome), Is.All.EqualTo(SessionCreationOutcome.Created));
        Assert.That(commits, Is.EqualTo(2), "that of the write before them, and theirs");
    }

    [Test, Description("T8: a failure is an exception, and what was answered is kept")]
    public async Task A_write_that_fails_takes_none_with_it_that_shares_its_commit()
    {
        var busy = await OccupyAsync();
        var before = TestSessions.Of(TestSessions.Alice);
        var after = TestSessions.Of(TestSessions.Alice);
        var taken = TestSessions.Of(TestSessions.Bob);
        Task[] good = [_store.CreateAsync(before), _store.CreateAsync(taken)];
        var bad = _store.SessionFile.WriteAsync<bool>(
            connection =>
            {
                connection.Execute("DELETE FROM sessions");
                throw new NotSupportedException();
            },
            CancellationToken.None);
        var last = _store.CreateAsync(after);

        _gate.Set();
        await Task.WhenAll([busy, .. good, last]);

        Assert.That(() => bad, Throws.TypeOf<NotSupportedException>());
        foreach (var creation in new[] { before, taken, after })
        {
            Assert.That((await _store.FindAsync(creation.Session.Id)).Session, Is.EqualTo(creation.Session));
        }
    }

    [Test, Description("T8: what was answered is kept")]
    public async Task Closing_lets_the_writes_finish_that_wait()
    {
        var busy = await OccupyAsync();
        var creation = TestSessions.Of(TestSessions.Alice);
        var waiting = _store.CreateAsync(creation);
        var closing = Task.Run(_store.Dispose);

        _gate.Set();
        await Task.WhenAll(busy, waiting, closing);

        using var again = _folder.Open();
        Assert.That((await again.FindAsync(creation.Session.Id)).Session, Is.EqualTo(creation.Session));
    }

    /// <summary>Keeps the writer busy until the gate opens; answers when it is.</summary>
    private async Task<Task> OccupyAsync(Action<StoreConnection>? first = null)
    {
        var occupied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var busy = Task.Run(() => _store.SessionFile.WriteAsync(
            connection =>
            {
                first?.Invoke(connection);
                occupied.SetResult();
                return _gate.Wait(TimeSpan.FromMinutes(1));
            },
            CancellationToken.None));
        await occupied.Task;
        return busy;
    }
}
