using System.Globalization;

namespace Hanzo.Sessions.Sqlite;

/// <summary>A step that adds to the schema of version 1: one of the files in <c>Upgrades</c>.</summary>
/// <param name="Number">Its number: 1 for the first.</param>
/// <param name="Name">What it adds, in a word.</param>
/// <param name="Script">The whole file.</param>
internal sealed record SchemaStep(int Number, string Name, string Script)
{
    private const string Folder = "Upgrades/";
    private const string Begin = "\nBEGIN IMMEDIATE;\n";
    private const string Commit = "\nCOMMIT;\n";

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

    /// <summary>Its statements, to run in a transaction that the caller has begun.</summary>
    public string Statements
    {
        get
        {
            var from = Script.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
            return Script[from..Script.LastIndexOf(Commit, StringComparison.Ordinal)];
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number} ({Name})");

    private static SchemaStep Read(string resource)
    {
        var name = Path.GetFileNameWithoutExtension(resource[Folder.Length..]);
        using var reader = new StreamReader(typeof(SchemaStep).Assembly.GetManifestResourceStream(resource)!);
        return new SchemaStep(int.Parse(name[..3], CultureInfo.InvariantCulture), name[4..], reader.ReadToEnd().ReplaceLineEndings("\n"));
    }
}
