using Hanzo.Sessions.Testing;
using Microsoft.Data.Sqlite;

namespace Hanzo.Sessions.StoreTests.Sqlite;

public sealed class SqliteFullDiskTests
{
    private SqliteFolder _folder = new();

    [SetUp]
    public void MakeFolder() => _folder = new SqliteFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Delete();

    [Test, Description("T8: a store failure is an exception, never a silent success")]
    public async Task On_a_full_disk_every_write_fails_loudly_and_changes_nothing_until_there_is_room_again([Values] bool shared)
    {
        using var disk = Disk.Mount(_folder.Path, kilobytes: 8192);
        List<SessionCreation> kept = [.. Enumerable.Range(0, 50).Select(_ => TestSessions.Of(TestSessions.Alice).Carrying(new byte[500]))];
        using (var store = SqliteFolder.Open(disk.File, shared))
        {
            await store.PrepareAsync();
            foreach (var creation in kept)
            {
                await store.CreateAsync(creation);
            }

            Assert.That(await ActiveAsync(), Is.EqualTo(kept.Count));
            var filler = disk.Fill();
            List<SessionCreation> lost = [];
            Assert.That(await FailAsync(() => CreateAsync(lost)), Is.True, "creates fail");
            Assert.That(await FailAsync(TerminateAllAsync), Is.True, "terminations fail");
            Assert.That(await FailAsync(TerminateAllAsync), Is.True, "and fail again");
            Assert.That((await store.FindByTokenAsync(kept[0].TokenHash))?.End, Is.Null, "what is there is still read");
            Assert.That(await ActiveAsync(), Is.EqualTo(kept.Count + lost.Count), "nothing has changed");

            File.Delete(filler);
            var termination = await TerminateAllAsync();
            Assert.That(termination.Ended, Has.Count.EqualTo(kept.Count + lost.Count));
            Assert.That(await ActiveAsync(), Is.Zero);

            // Each that was answered counts; the first that does not fit ends it.
            async Task CreateAsync(List<SessionCreation> created)
            {
                for (var i = 0; i < 10_000; i++)
                {
                    var creation = TestSessions.Of(TestSessions.Alice).Carrying(new byte[500]);
                    await store.CreateAsync(creation);
                    created.Add(creation);
                }
            }

            async Task<SessionTermination> TerminateAllAsync() => await store.TerminateAsync(
                SessionFilter.Of(TestSessions.Alice), new SessionEnd(TestSessions.Start, SessionEndReason.TerminatedByAdmin, null));

            Task<long> ActiveAsync() => store.CountAsync(
                new SessionQuery { Filter = SessionFilter.Of(TestSessions.Alice) }, TestSessions.Start, 100_000);
        }

        Assert.That(SqliteFileTests.Ask(disk.File, "PRAGMA integrity_check"), Is.EqualTo("ok"));
    }

    private static async Task<bool> FailAsync(Func<Task> call)
    {
        try
        {
            await call();
            return false;
        }
        catch (SqliteException failure)
        {
            TestContext.Out.WriteLine(failure.Message);
            return true;
        }
    }
}
