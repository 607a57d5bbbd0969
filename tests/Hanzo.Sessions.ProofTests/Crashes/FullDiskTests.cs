using Hanzo.Sessions.Sqlite;
using Microsoft.Data.Sqlite;

namespace Hanzo.Sessions.ProofTests.Crashes;

/// <summary>A real small disk runs full under a manager, and has room again.</summary>
public sealed class FullDiskTests
{
    private static readonly SessionCaller Caller = SessionCaller.Service("full disk");

    private SqliteFolder _folder = new();

    [SetUp]
    public void MakeFolder() => _folder = new SqliteFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Delete();

    [Test, Description("T8: a store failure is an exception, never a silent success")]
    public async Task On_a_full_disk_every_write_fails_loudly_and_changes_nothing_until_there_is_room_again(
        [Values("alone", "shared", "shared, rollback journal")] string kind)
    {
        var (violations, figures) = await FillAsync(kind, store => store);
        Figures.Report($"SQLite disk full ({kind}): {figures} violations={violations.Count}");
        Assert.That(violations, Is.Empty);
    }

    [Test, Description("Mutant: a write that fails is answered as done")]
    public async Task A_store_that_swallows_failures_is_caught()
    {
        var (violations, _) = await FillAsync("alone", store => new SwallowingStore(store));
        Figures.Report($"mutant failures swallowed on a full disk: caught={violations.Count > 0}");
        Assert.That(violations, Is.Not.Empty);
    }

    private async Task<(List<string> Violations, string Figures)> FillAsync(string kind, Func<SqliteSessionStore, ISessionStore> bug)
    {
        using var disk = Disk.Mount(_folder.Path, kilobytes: 8192);
        List<string> violations = [];
        List<IssuedSession> active = [];
        var failures = 0;
        if (kind.EndsWith("journal", StringComparison.Ordinal))
        {
            await SqliteFolder.MakeWithRollbackJournalAsync(disk.File);
        }

        await using (var store = SqliteFolder.Open(disk.File, sharedByProcesses: kind is not "alone"))
        {
            await store.PrepareAsync();
            var sessions = CrashRound.Manager(bug(store), options => options.MaxSessions = null);
            for (var i = 0; i < 50; i++)
            {
                await CreateAsync(sessions);
            }

            Check(await CountAsync(sessions) == active.Count, "what is there is not what was answered");
            var filler = disk.Fill();
            if (!await FailsAsync(async () =>
            {
                for (var i = 0; i < 10_000; i++)
                {
                    await CreateAsync(sessions);
                }
            }))
            {
                violations.Add("creates do not fail");
            }

            for (var attempt = 0; attempt < 3; attempt++)
            {
                var one = active[attempt];
                Check(await FailsAsync(() => sessions.TerminateAsync(TestSessions.Alice, one.Session.Id, Caller)), "the end of a session does not fail");
                Check(await FailsAsync(() => sessions.TerminateAllAsync(TestSessions.Alice, Caller)), "the end of all does not fail");
                Check(await FailsAsync(() => sessions.RotateAsync(one.Token.Reveal())), "a rotation does not fail");
                Check(await IsActiveAsync(sessions, one), "a session that nobody was told had ended is over");
            }

            Check(await CountAsync(sessions) == active.Count, "what is there is not what was answered");

            File.Delete(filler);
            Check((await sessions.TerminateAllAsync(TestSessions.Alice, Caller)).Count == active.Count, "not all are ended when there is room");
            Check(await CountAsync(sessions) == 0, "some are left when there is room");
            await CreateAsync(sessions);
            Check(await IsActiveAsync(sessions, active[^1]), "no sign-in when there is room");
        }

        Check(SqliteFolder.Ask(disk.File, "PRAGMA integrity_check") is "ok", "the file is corrupt");
        return (violations, $"acknowledged={active.Count} failed={failures}");

        void Check(bool holds, string violation)
        {
            if (!holds)
            {
                violations.Add(violation);
            }
        }

        async Task CreateAsync(SessionManager sessions) =>
            active.Add(await sessions.CreateAsync(new NewSession { User = TestSessions.Alice, Payload = new byte[500] }));

        async Task<bool> FailsAsync(Func<Task> call)
        {
            try
            {
                await call();
                return false;
            }
            catch (SqliteException)
            {
                failures++;
                return true;
            }
        }
    }

    private static async Task<bool> IsActiveAsync(SessionManager sessions, IssuedSession issued) =>
        (await sessions.ValidateAsync(issued.Token.Reveal(), passive: true)).IsActive;

    private static async Task<long?> CountAsync(SessionManager sessions) =>
        (await sessions.ListAsync(new SessionQuery { Filter = SessionFilter.Of(TestSessions.Alice), Limit = 1, Total = SessionTotalMode.Exact })).Total;
}
