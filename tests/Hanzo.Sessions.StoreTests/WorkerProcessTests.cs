namespace Hanzo.Sessions.StoreTests;

/// <summary>No test waits for ever for another process, and each says what has become of it.</summary>
public sealed class WorkerProcessTests
{
    private readonly SqliteFolder _folder = new();

    [OneTimeTearDown]
    public void DeleteFolder() => _folder.Delete();

    [Test]
    public async Task A_worker_that_has_ended_is_reported_with_what_it_wrote_to_its_standard_error()
    {
        await using var worker = WorkerProcess.Start("Hanzo.Sessions.StoreTests.PostgresWorker");

        Assert.That(() => worker.ReadLineAsync(), Throws.InvalidOperationException.With.Message.Contains("Usage: <connection string> <clients>"));
    }

    [Test]
    public async Task A_worker_that_says_nothing_is_given_up_loses_no_line_by_that_and_can_be_killed()
    {
        await using var worker = WorkerProcess.Start("Hanzo.Sessions.StoreTests.SqliteWorker", "hold", _folder.File, "alone");

        Assert.That(() => worker.ReadLineAsync(TimeSpan.Zero), Throws.TypeOf<TimeoutException>());
        Assert.That(await worker.ReadLineAsync(), Is.EqualTo("ready"));
        Assert.That(() => worker.ReadLineAsync(TimeSpan.Zero), Throws.TypeOf<TimeoutException>());
        Assert.That(await worker.KillAsync(), Is.Empty);
        Assert.That(() => worker.ReadLineAsync(), Throws.InvalidOperationException);
    }
}
