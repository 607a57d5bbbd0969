using System.Globalization;

namespace Hanzo.Sessions.Postgres;

/// <summary>A step that adds to the schema of version 1: one of the files in <c>Upgrades</c>.</summary>
/// <param name="Number">Its number: 1 for the first.</param>
/// <param name="Name">What it adds, in a word.</param>
/// <param name="Script">The whole file.</param>
internal sealed record SchemaStep(int Number, string Name, string Script)
{
    private const string Folder = "Upgrades/";

    /// <summary>All steps, in their order.</summary>
    public static IReadOnlyList<SchemaStep> All { get; } =
    [
        .. typeof(SchemaStep).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(Read),
    ];

    /// <summary>The file, as the docs and messages name it.</summary>
    public string File => string.Create(CultureInfo.InvariantCulture, $"{Folder}{Number:000}-{Name}.sql");

    /// <summary>
    /// Its transactions: what stands between the lines <c>BEGIN;</c> and <c>COMMIT;</c>. What stands before one runs first,
    /// one statement after the other and outside a transaction, as <c>CREATE INDEX CONCURRENTLY</c> must.
    /// </summary>
    /// <param name="schema">The name of the schema.</param>
    public IReadOnlyList<SchemaTransaction> Transactions(string schema)
    {
        List<SchemaTransaction> transactions = [];
        List<string> before = [];
        List<string> lines = [];
        var isOpen = false;
        foreach (var line in Schema.Named(schema, Script).Split('\n'))
        {
            if (line is "BEGIN;")
            {
                (isOpen, lines) = (true, []);
            }
            else if (line is "COMMIT;")
            {
                transactions.Add(new SchemaTransaction(before, string.Join('\n', lines)));
                (isOpen, before, lines) = (false, [], []);
            }
            else if (isOpen || !(line.Length == 0 || line.StartsWith("--", StringComparison.Ordinal)))
            {
                lines.Add(line);
                if (!isOpen && line.EndsWith(';'))
                {
                    before.Add(string.Join('\n', lines));
                    lines = [];
                }
            }
        }

        return transactions;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number} ({Name})");

    private static SchemaStep Read(string resource)
    {
        var name = Path.GetFileNameWithoutExtension(resource[Folder.Length..]);
        using var reader = new StreamReader(typeof(SchemaStep).Assembly.GetManifestResourceStream(resource)!);
        return new SchemaStep(int.Parse(name[..3], CultureInfo.InvariantCulture), name[4..], reader.ReadToEnd().ReplaceLineEndings("\n"));
    }
}
