// A second process for the tests of the SQLite store: opens a session file, says so, and does what it is told.
using System.Globalization;
using Hanzo.Sessions;
using Hanzo.Sessions.Sqlite;
using Hanzo.Sessions.Testing;

var (task, file, shared) = (args[0], args[1], args[2] is "shared");
var patience = args.Length > 3 ? TimeSpan.FromSeconds(int.Parse(args[3], CultureInfo.InvariantCulture)) : TimeSpan.FromSeconds(5);
using var store = new SqliteSessionStore(
    $"Data Source={file}", new SqliteSessionStoreOptions { SharedByProcesses = shared, BusyTimeout = patience });
if (task is "restart")
{
    Say("opening");
}

try
{
    await store.PrepareAsync();
}
catch (InvalidOperationException refusal)
{
    Say($"refused {refusal.Message}");
    return;
}

Say("ready");
await (task switch
{
    "hold" or "restart" => Task.CompletedTask,
    "create" => CreateAsync(),
    _ => throw new ArgumentException($"There is no task '{task}'."),
});
Console.ReadLine();

// Thirty-two sign-ins of one user at once, for ten places.
async Task CreateAsync()
{
    Console.ReadLine();
    var results = await Task.WhenAll(Enumerable.Range(0, 32)
        .Select(_ => Task.Run(() => store.CreateAsync(TestSessions.Of(TestSessions.Alice).LimitedTo(10)))));
    Say($"created {results.Count(result => result.Outcome == SessionCreationOutcome.Created)}");
}

static void Say(string line)
{
    lock (Console.Out)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}
