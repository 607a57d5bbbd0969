using System.Text.RegularExpressions;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>
/// A code block of a page. The words after its language, which no reader sees, say what proves it:
/// <list type="bullet">
/// <item><c>file=Folder/Program.cs</c>: a whole file of a project that tests/consumer/run.sh takes from the page, builds and runs;</item>
/// <item><c>in=Folder</c>: commands that tests/consumer/run.sh runs there;</item>
/// <item><c>from=path</c>: parts, with an empty line between them, of a file of this repository that is compiled or run;</item>
/// <item><c>sh</c> without a word: commands that are run against AdminPanel, or that start what is in this repository;</item>
/// <item><c>json</c> after such commands: what the last of them answers, by its properties;</item>
/// <item><c>sql</c> in docs/Operations.md: queries that are run against both databases;</item>
/// <item><c>sql role=app</c> there: the rights of that role, with which alone a store is used in PostgreSQL;</item>
/// <item><c>text</c>: nothing to prove.</item>
/// </list>
/// </summary>
internal sealed partial record CodeBlock(string Page, int Line, string Language, string Word, string Value, string Text)
{
    /// <summary>The pages whose blocks are proved.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        "README.md",
        "PROOF.md",
        "CONTRIBUTING.md",
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")
            .Select(file => $"docs/{Path.GetFileName(file)}").Order(StringComparer.Ordinal),
    ];

    public bool IsCommands => this is { Language: "sh", Word: "" };

    public bool CallsTheSample => IsCommands && Text.StartsWith("curl ", StringComparison.Ordinal);

    public static IReadOnlyList<CodeBlock> All() => [.. Pages.SelectMany(Of)];

    public static IReadOnlyList<CodeBlock> Of(string page)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, page)).ReplaceLineEndings("\n");
        return
        [
            .. Fences().Matches(text).Select(match => new CodeBlock(
                page,
                text.AsSpan(0, match.Index).Count('\n') + 1,
                match.Groups["language"].Value,
                match.Groups["word"].Value,
                match.Groups["value"].Value,
                match.Groups["text"].Value)),
        ];
    }

    public override string ToString() => $"{Page}:{Line} ```{Language}{(Word.Length > 0 ? $" {Word}={Value}" : string.Empty)}";

    [GeneratedRegex(
        @"^```(?<language>\S*)(?: (?:(?<word>\w+)=(?<value>\S+)|(?<word>.+)))?\n(?<text>.*?)^```$",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline,
        1000)]
    private static partial Regex Fences();
}
