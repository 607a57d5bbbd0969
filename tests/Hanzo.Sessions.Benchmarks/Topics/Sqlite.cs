using System.Collections.Concurrent;
using System.Diagnostics;
using Hanzo.Sessions.Benchmarks.Floors;
using Hanzo.Sessions.Benchmarks.Harness;
using Hanzo.Sessions.Benchmarks.Rivals;
using Microsoft.EntityFrameworkCore;
using static Hanzo.Sessions.Benchmarks.Harness.Outcome;

namespace Hanzo.Sessions.Benchmarks.Topics;

/// <summary>The store in an SQLite file, among 100,000 sessions.</summary>
internal sealed class Sqlite : ITopic
{
    private const string Validate = "validate, SQLite";
    private const string Create = "create under the limit, SQLite";
    private const string Waits = "longest wait of 8 writers, SQLite";
    private const string Page = "a page of 25 sessions by creation, SQLite";
    private const string RecordPage = "a page of 25 records by user and application, SQLite";
    private const int Sessions = 100_000;
    private const int Asked = 1 << 10;

    private int _users;

    public IReadOnlyList<string> Works { get; } = [Validate, Create, Waits, Page, RecordPage];

    public async Task RunAsync(Run run)
    {
        await using var world = await SqliteWorld.CreateAsync(Sessions);
        using var raw = new RawSqlite(world.Open());
        var tokens = await Population.SignInAsync(world.Manager, Asked, organization: "asked");
        byte[][] hashes = [.. tokens.Select(token => SessionToken.TryParse(token, out var parsed) ? parsed.Hash().ToArray() : [])];
        var (ef, efHashes) = await EfCoreTable.FillAsync(
            new DbContextOptionsBuilder<EfCoreSessions>().UseSqlite($"Data Source={Path.Combine(world.Folder, "ef.db")}"), Sessions, Asked, first: $"PRAGMA journal_mode = WAL");

        var (a, b, c, d) = (0, 0, 0, 0);
        await run.CompareAsync(
            Validate,
            [
                Contestant.Of("SessionManager, SqliteSessionStore", Role.Ours, async () => Must((await world.Manager.ValidateAsync(tokens[a++ % Asked])).IsActive)),
                Contestant.Of("prepared select, connection held", Role.Floor, () => raw.FindSession(hashes[b++ % Asked])),
                Contestant.Of("select, connection from the driver's pool", Role.Floor, () => RawSqlite.FindSession(world.File, hashes[c++ % Asked])),
                Contestant.Of("EF Core, compiled, pooled", Role.Rival, async () => Must(await ef.FindAsync(efHashes[d++ % Asked]) is not null)),
            ],
            [Target.AtMost(2, "prepared select, connection held")]);
        await run.CompareAsync(
            Create,
            [
                Contestant.Of("SessionManager, SqliteSessionStore", Role.Ours, () => SignInAsync(world.Manager)),
                Contestant.Of("bare insert, prepared, connection held", Role.Floor, () => raw.Insert(NewUser())),
                Contestant.Of("EF Core: count, insert (the limit not exact)", Role.Rival, () => ef.CreateAsync(EfCoreSession.Of(0, NewUser(), TimeProvider.System.GetUtcNow().UtcDateTime))),
            ],
            [Target.AtMost(1.5, "bare insert, prepared, connection held")]);
        await MeasureWaitsAsync(run, world);
        await new Pages(world.Manager, "acme").CompareAsync(run, Page, RecordPage);
    }

    private async Task MeasureWaitsAsync(Run run, SqliteWorld world)
    {
        if (!run.Wants(Waits))
        {
            return;
        }

        var length = run.IsQuick ? TimeSpan.FromSeconds(2) : TimeSpan.FromSeconds(6);
        var ours = await WaitsAsync(length, _ => () => SignInAsync(world.Manager));
        var raw = Enumerable.Range(0, 8).Select(_ => new RawSqlite(world.Open())).ToArray();
        var several = await WaitsAsync(length, writer => () =>
        {
            raw[writer].Insert(NewUser());
            return Task.CompletedTask;
        });
        Array.ForEach(raw, it => it.Dispose());
        run.Add(new Row(
            Waits,
            [
                Describe("SqliteSessionStore, one writer", Role.Ours, ours, length),
                Describe("8 connections that write", Role.Rival, several, length),
            ],
            [new Verdict("at most 50 ms", Format.Time(ours[^1]), ours[^1] <= 50e6)]));
    }

    private static Line Describe(string name, Role role, double[] waits, TimeSpan length) => new(
        FormattableString.Invariant($"{name}; p50 {Format.Time(waits[waits.Length / 2])}, {waits.Length / length.TotalSeconds:#,0}/s"),
        role,
        Format.Time(waits[^1]));

    private static async Task<double[]> WaitsAsync(TimeSpan length, Func<int, Func<Task>> writer)
    {
        ConcurrentBag<double> waits = [];
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Factory.StartNew(
            async () =>
            {
                var write = writer(number);
                while (watch.Elapsed < length)
                {
                    var start = Stopwatch.GetTimestamp();
                    await write();
                    waits.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));
        return [.. waits.Order()];
    }

    private Task<IssuedSession> SignInAsync(SessionManager manager) => manager.CreateAsync(new NewSession
    {
        User = new SessionUser("acme", NewUser()),
        Application = "shop",
        IpAddress = System.Net.IPAddress.Loopback,
        UserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        AuthenticationMethods = "pwd",
        Payload = new byte[300],
    });

    // Users that are not in the table yet, so that nobody comes to the limit.
    private string NewUser() => FormattableString.Invariant($"user-{Sessions + Interlocked.Increment(ref _users)}");
}
