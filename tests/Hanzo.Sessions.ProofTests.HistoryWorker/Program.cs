// A second process of the history checker: its arguments are the kind of store, where that is, and the file of the
// board. It answers "ready", then does what each line of its standard input says:
//   clock                             answers what its clock shows
//   run <seed> <number> <operations>  prepares four clients, answers "ready", waits for another line, runs them and
//                                     answers one line of JSON: what they did
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hanzo.Sessions;
using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.ProofTests.Histories;
using Hanzo.Sessions.Sqlite;

if (args is not [var kind, var place, var boardFile])
{
    await Console.Error.WriteLineAsync("Usage: postgres|sqlite <connection string> <board>");
    return 2;
}

ISessionStore store = kind switch
{
    "postgres" => new PostgresSessionStore(place),
    "sqlite" => new SqliteSessionStore(place, new SqliteSessionStoreOptions { SharedByProcesses = true }),
    _ => throw new ArgumentException($"There is no store '{kind}'."),
};
await store.PrepareAsync();
using var board = Board.Open(boardFile);
Console.WriteLine("ready");
while (Console.ReadLine() is { Length: > 0 } line)
{
    switch (line.Split(' '))
    {
        case ["clock"]:
            Console.WriteLine(Stopwatch.GetTimestamp());
            break;

        case ["run", var seed, var number, var operations]:
            var run = new HistoryRun(new HistoryPlan(Parse(seed), Parse(number), Parse(operations)), store, board, firstClient: 4, clients: 4);
            Console.WriteLine("ready");
            Console.ReadLine();
            Console.WriteLine(JsonSerializer.Serialize(run.Run()));
            break;

        default:
            throw new ArgumentException($"'{line}' is not understood.");
    }
}

await (store is IAsyncDisposable disposable ? disposable.DisposeAsync() : default);
(store as IDisposable)?.Dispose();
return 0;

static int Parse(string text) => int.Parse(text, CultureInfo.InvariantCulture);
