// A second process on one PostgreSQL database: its arguments are a connection string and a number of clients. For each
// user name on standard input that many clients sign the user in at once, under a limit of 10, and look at what they
// have made; the answer is a line "<created> <refused>". With a third argument, a time zone, the process has the driver's
// timestamps of old, which are local.
using System.Globalization;
using Hanzo.Sessions;
using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.Testing;

if (args is not [var connectionString, var clients, .. var zone])
{
    await Console.Error.WriteLineAsync("Usage: <connection string> <clients> [<time zone>]");
    return 2;
}

if (zone is [var name])
{
    Environment.SetEnvironmentVariable("TZ", name);
    AppContext.SetSwitch("Npgsql.EnableLegacyTimestampBehavior", isEnabled: true);
}

await using var store = new PostgresSessionStore(connectionString);
await store.PrepareAsync();
await Console.Out.WriteLineAsync("ready");
while (await Console.In.ReadLineAsync() is { Length: > 0 } userName)
{
    var user = new SessionUser("acme", userName);
    var results = await Task.WhenAll(Enumerable.Range(0, int.Parse(clients, CultureInfo.InvariantCulture))
        .Select(_ => Task.Run(() => SignInAsync(user))));
    var created = results.Count(outcome => outcome == SessionCreationOutcome.Created);
    await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{created} {results.Length - created}"));
}

return 0;

async Task<SessionCreationOutcome> SignInAsync(SessionUser user)
{
    var creation = TestSessions.Of(user).LimitedTo(10);
    var result = await store.CreateAsync(creation);
    if (result.Outcome == SessionCreationOutcome.Created)
    {
        var found = (await store.FindByTokenAsync(creation.TokenHash)).Session;
        if (found?.CreatedAt != creation.Session.CreatedAt)
        {
            throw new InvalidOperationException($"A session of {creation.Session.CreatedAt:O} was found as one of {found?.CreatedAt:O}.");
        }
    }

    return result.Outcome;
}
