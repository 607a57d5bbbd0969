// A second process on one PostgreSQL database: its arguments are a connection string and a number of clients. For each
// user name on standard input that many clients sign the user in at once, under a limit of 10; the answer is a line
// "<created> <refused>".
using System.Globalization;
using Hanzo.Sessions;
using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.Testing;

if (args is not [var connectionString, var clients])
{
    await Console.Error.WriteLineAsync("Usage: <connection string> <clients>");
    return 2;
}

await using var store = new PostgresSessionStore(connectionString);
await store.PrepareAsync();
await Console.Out.WriteLineAsync("ready");
while (await Console.In.ReadLineAsync() is { Length: > 0 } name)
{
    var user = new SessionUser("acme", name);
    var results = await Task.WhenAll(Enumerable.Range(0, int.Parse(clients, CultureInfo.InvariantCulture))
        .Select(_ => Task.Run(() => store.CreateAsync(TestSessions.Of(user).LimitedTo(10)))));
    var created = results.Count(result => result.Outcome == SessionCreationOutcome.Created);
    await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{created} {results.Length - created}"));
}

return 0;
