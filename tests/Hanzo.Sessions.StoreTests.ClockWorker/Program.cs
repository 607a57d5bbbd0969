// A second server on one PostgreSQL database, whose clock a test sets from outside: its argument is a connection string, and
// "unchecked" for a server that compares no clocks, as 0.1 did. It answers each line of its standard input with one line:
//   clock              what its clock shows
//   in <user>          signs in: the token
//   validate <token>   the status
//   rotate <token>     the new token
//   end <user>         ends all of the user's sessions: for each the instant of its end and the reason
//   clean              cleans up: how many have ended and were purged
//   lines              how many error lines there were, and the last one
// "refused" in place of an answer says that the clocks differ.
using System.Globalization;
using Hanzo.Sessions;
using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.StoreTests.ClockWorker;
using Hanzo.Sessions.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

if (args is not [var connectionString, .. var mode])
{
    await Console.Error.WriteLineAsync("Usage: <connection string> [unchecked]");
    return 2;
}

await using var store = new PostgresSessionStore(connectionString);
await store.PrepareAsync();
List<string> lines = [];
using var logs = LoggerFactory.Create(logging => logging.AddProvider(new ErrorLines(lines)));
var sessions = new SessionManager(
    mode is ["unchecked"] ? new StoreWithoutClock(store) : store,
    Options.Create(new HanzoSessionsOptions { ActivityResolution = TimeSpan.Zero }),
    logger: logs.CreateLogger<SessionManager>());
await Console.Out.WriteLineAsync("ready");
while (await Console.In.ReadLineAsync() is { Length: > 0 } line)
{
    string answer;
    try
    {
        answer = await AnswerAsync(line.Split(' '));
    }
    catch (SessionClockException)
    {
        answer = "refused";
    }

    await Console.Out.WriteLineAsync(answer);
}

return 0;

async Task<string> AnswerAsync(string[] words) => words switch
{
    ["clock"] => Text(TimeProvider.System.GetUtcNow()),
    ["in", var user] => (await sessions.CreateAsync(new NewSession { User = new SessionUser("acme", user) })).Token.Reveal(),
    ["validate", var token] => (await sessions.ValidateAsync(token)).Status.ToString(),
    ["rotate", var token] => (await sessions.RotateAsync(token))?.Token.Reveal() ?? "none",
    ["end", var user] => string.Join(' ', (await sessions.TerminateAllAsync(new SessionUser("acme", user), SessionCaller.Service("a test")))
        .Select(ended => $"{Text(ended.End.At)} {ended.End.Reason}")),
    ["clean"] => await sessions.CleanUpAsync() is var done ? string.Create(CultureInfo.InvariantCulture, $"{done.Ended} {done.Purged}") : "",
    ["lines"] => string.Create(CultureInfo.InvariantCulture, $"{lines.Count} {lines.LastOrDefault()}"),
    _ => throw new ArgumentException($"'{string.Join(' ', words)}' is not understood."),
};

static string Text(DateTimeOffset instant) => instant.ToString("O", CultureInfo.InvariantCulture);
