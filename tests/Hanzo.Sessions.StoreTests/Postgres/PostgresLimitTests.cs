using System.Diagnostics;
using System.Globalization;
using Hanzo.Sessions.Testing;

namespace Hanzo.Sessions.StoreTests.Postgres;

/// <summary>The limit across processes, whatever the database role has as its defaults.</summary>
public sealed class PostgresLimitTests
{
    private const int Processes = 2;
    private const int ClientsPerProcess = 16;
    private const int Rounds = 25;

    [Test, Description("C2")]
    [TestCase("")]
    [TestCase("default_transaction_isolation = 'repeatable read'")]
    [TestCase("default_transaction_isolation = 'serializable'")]
    [TestCase("search_path = hostile, pg_catalog")]
    [TestCase("synchronous_commit = off")]
    public async Task Exactly_10_of_32_racing_sign_ins_from_two_processes_are_admitted(string setting)
    {
        var database = await PostgresDatabase.CreateAsync();
        await using var store = database.Open();
        await store.PrepareAsync();
        var role = await database.CreateRoleAsync(setting);
        var workers = Enumerable.Range(0, Processes)
            .Select(_ => WorkerProcess.Start(
                "Hanzo.Sessions.StoreTests.PostgresWorker", role, ClientsPerProcess.ToString(CultureInfo.InvariantCulture)))
            .ToList();
        try
        {
            foreach (var worker in workers)
            {
                Assert.That(await worker.ReadLineAsync(), Is.EqualTo("ready"));
            }

            var (highest, elapsed) = (0L, TimeSpan.Zero);
            for (var round = 0; round < Rounds; round++)
            {
                var user = new SessionUser("acme", $"user{round}");
                var start = Stopwatch.GetTimestamp();
                await Task.WhenAll(workers.Select(worker => worker.WriteLineAsync(user.Name)));
                var answers = await Task.WhenAll(workers.Select(worker => worker.ReadLineAsync()));
                elapsed += Stopwatch.GetElapsedTime(start);

                var created = answers.Sum(answer => int.Parse(answer.Split(' ')[0], CultureInfo.InvariantCulture));
                var query = new SessionQuery { Filter = SessionFilter.Of(user) }.Resolve(SessionView.Sessions);
                var active = await store.CountAsync(query, TestSessions.Start, 1_000);
                highest = Math.Max(highest, active);
                Assert.That((created, active), Is.EqualTo((10, 10L)), $"round {round}");
            }

            var attempts = Rounds * Processes * ClientsPerProcess;
            await TestContext.Progress.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"PostgreSQL limit storm, role with '{setting}': {attempts} sign-ins by {Processes} processes of {ClientsPerProcess} clients, at most {highest} active, {attempts / elapsed.TotalSeconds:F0} creates per second"));
        }
        finally
        {
            foreach (var worker in workers)
            {
                await worker.DisposeAsync();
            }
        }
    }

    [Test, Description("K1 V2 instants are what they were, also where the process has the driver's local timestamps of old")]
    public async Task A_process_with_local_timestamps_finds_what_it_has_made()
    {
        var database = await PostgresDatabase.CreateAsync();
        await using var worker = WorkerProcess.Start(
            "Hanzo.Sessions.StoreTests.PostgresWorker", database.ConnectionString, "12", "Asia/Kolkata");
        Assert.That(await worker.ReadLineAsync(), Is.EqualTo("ready"));

        await worker.WriteLineAsync("ada");

        Assert.That(await worker.ReadLineAsync(), Is.EqualTo("10 2"));
    }
}
