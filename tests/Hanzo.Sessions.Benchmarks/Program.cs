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

string? filter = null, markdown = null, handedOn = null;
int? pass = null;
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

        // What the first process says to the one of a pass, see Passes.
        case "--pass" when i + 2 < args.Length: (pass, handedOn) = (int.Parse(args[++i], CultureInfo.InvariantCulture), args[++i]); break;
        case "--markdown" when i + 1 < args.Length: markdown = args[++i]; break;
        default: Console.Error.WriteLine(usage); return 2;
    }
}

// Millions in memory come last: the heap that they leave behind slows down whatever allocates after them.
ITopic[] topics = scale
    ? [new MemoryScale(), new SqliteScale(), new PostgresScale(rows), new UpgradeScale(rows)]
    : [new InMemory(), new Http(), new Sqlite(), new Postgres(), new InMemorySize()];
var effort = quick ? Effort.Quick : scale ? Effort.OnePass : Effort.Full;
if (list)
{
    var all = new Run(effort, filter);
    Console.WriteLine(string.Join('\n', topics.SelectMany(topic => topic.Works).Where(all.Wants)));
    return 0;
}

if (pass is null && effort.Passes > 1)
{
    return await Passes.RunAsync(effort.Passes, args);
}

var run = new Run(effort, filter, pass > 0 ? await Progress.ReadAsync(handedOn!) : null);
foreach (var topic in topics.Where(it => it.Works.Any(run.Wants)))
{
    await topic.RunAsync(run);
}

var progress = run.Progress;
if (progress.Rows.Count == 0)
{
    return 2;
}

if (pass < effort.Passes - 1)
{
    await progress.WriteAsync(handedOn!);
    return 0;
}

var report = Report.Markdown(progress.Rows, Machine.Describe(progress.PostgresVersion));
Console.WriteLine();
Console.WriteLine(report);
if (markdown is not null)
{
    await File.WriteAllTextAsync(markdown, report);
}

return 0;
