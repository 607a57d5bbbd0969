// Another process for the proof tests. It says "ready" when its store is open, and then, by its first argument:
//   crash    works as several clients until it is killed; every step is a line (see CrashEvent)
//   cleanup  waits for a line, cleans up, and writes the id of every session that it announces as ended
using Hanzo.Sessions;
using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.ProofTests.CrashWorker;
using Hanzo.Sessions.Sqlite;
using Microsoft.Extensions.Options;

if (args is not [var task, var kind, var where, var name, var seed, var bug])
{
    await Console.Error.WriteLineAsync("Usage: crash|cleanup postgres|sqlite|sqlite-shared <connection string or file> <name> <seed> none|forgetful|one-by-one|moves-then-ends|ends-then-forgets");
    return 2;
}

await using var output = Console.OpenStandardOutput();
var writing = new Lock();
ISessionStore store = kind switch
{
    "postgres" => new PostgresSessionStore(where),
    "sqlite" => new SqliteSessionStore($"Data Source={where}"),
    "sqlite-shared" => new SqliteSessionStore(
        $"Data Source={where}", new SqliteSessionStoreOptions { SharedByProcesses = true, BusyTimeout = TimeSpan.FromMinutes(1) }),
    _ => throw new ArgumentException($"There is no store '{kind}'."),
};
store = bug switch
{
    "none" => store,
    "forgetful" => new ForgetfulStore(store),
    "one-by-one" => new OneByOneStore(store),
    "moves-then-ends" => new TwoStepStore(store, moves: true),
    "ends-then-forgets" => new TwoStepStore(store, moves: false),
    _ => throw new ArgumentException($"There is no bug '{bug}'."),
};
await store.PrepareAsync();
var sessions = new SessionManager(
    store,
    Options.Create(new HanzoSessionsOptions { ObserverQueueCapacity = 1_000_000, CleanupBatchSize = 50, OnMove = SessionMoveAction.End }),
    TimeProvider.System,
    task is "cleanup" ? [new EndingLines(Say)] : []);
await sessions.CleanUpAsync(); // The first call takes longest: not in the middle of a race.
Say("ready");
switch (task)
{
    case "crash":
        var first = int.Parse(seed, provider: null);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(() =>
            new CrashClient(sessions, $"{name}-{number}", unchecked(first + number), step => Say(step.ToLine())).RunAsync(CancellationToken.None))));
        break;
    case "cleanup":
        Console.ReadLine();
        var (ended, _) = await sessions.CleanUpAsync();
        await sessions.FlushObserversAsync();
        Say($"done {ended}");
        Console.ReadLine();
        break;
    default:
        throw new ArgumentException($"There is no task '{task}'.");
}

return 0;

// One write per line, so that a kill leaves no line behind that is mixed with another.
void Say(string line)
{
    lock (writing)
    {
        output.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
        output.Flush();
    }
}
