using System.Globalization;
using Hanzo.Sessions.Benchmarks.Harness;
using Hanzo.Sessions.Benchmarks.Topics;

const string usage =
    """
    dotnet run -c Release --project tests/Hanzo.Sessions.Benchmarks -- [options]

      --quick            about two minutes: fewer and shorter rounds
      --filter TEXT      only rows whose name contains the text
      --scale            millions of sessions instead of the table: time against size
      --rows N           with --scale: how many rows in PostgreSQL, 1,000,000 by default
      --markdown FILE    also write the tables to a file
      --list             the names of the rows
    """;

string? filter = null, markdown = null;
var rows = 1_000_000;
var (quick, scale, list) = (false, false, false);
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--quick": quick = true; break;
        case "--scale": scale = true; break;
        case "--list": list = true; break;
        case "--rows" when i + 1 < args.Length && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out rows): i++; break;
        case "--filter" when i + 1 < args.Length: filter = args[++i]; break;
        case "--markdown" when i + 1 < args.Length: markdown = args[++i]; break;
        default: Console.Error.WriteLine(usage); return 2;
    }
}

ITopic[] topics = scale
    ? [new MemoryScale(), new SqliteScale(), new PostgresScale(rows)]
    : [new InMemory(), new InMemorySize(), new Http(), new Sqlite(), new Postgres()];
var effort = quick ? Effort.Quick : scale ? Effort.OnePass : Effort.Full;
var run = new Run(effort, filter);
if (list)
{
    Console.WriteLine(string.Join('\n', topics.SelectMany(topic => topic.Works).Where(run.Wants)));
    return 0;
}

for (; run.Pass < effort.Passes; run.Pass++)
{
    foreach (var topic in topics.Where(it => it.Works.Any(run.Wants)))
    {
        await topic.RunAsync(run);
    }
}

if (run.Rows.Count == 0)
{
    return 2;
}

var report = Report.Markdown(run.Rows, Machine.Describe());
Console.WriteLine();
Console.WriteLine(report);
if (markdown is not null)
{
    await File.WriteAllTextAsync(markdown, report);
}

return 0;
