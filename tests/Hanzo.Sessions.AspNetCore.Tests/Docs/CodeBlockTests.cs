using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>What the readme and the docs show is what works. Their programs are built and run by tests/consumer/run.sh.</summary>
public sealed partial class CodeBlockTests
{
    private static readonly string[] Proved = ["samples/", "src/", "tests/", ".ci/"];

    [Test, Description("DOCS every block says what proves it")]
    public void No_code_block_is_left_unproved()
    {
        var unproved = CodeBlock.All().Where(block => block is not (
            { Word: "file" or "from" }
            or { Language: "sh", Word: "in" or "" }
            or { Language: "json" or "text", Word: "" }
            or { Language: "sql", Word: "" or "role", Page: "docs/Operations.md" }));

        Assert.That(CodeBlock.All(), Has.Count.GreaterThan(15), "the blocks were found at all");
        Assert.That(unproved, Is.Empty, "The comment of CodeBlock says what the words after a block's language mean.");
    }

    [Test, Description("DOCS what is quoted is there, to the letter")]
    public void A_quoted_part_is_in_the_file_that_it_is_from()
    {
        var wrong = CodeBlock.All().Where(block => block.Word is "from" && !IsQuoted(block));

        Assert.That(wrong, Is.Empty);
    }

    [Test, Description("DOCS the readme shows the sample")]
    public void The_readmes_program_is_the_sample_QuickStart()
    {
        var shown = CodeBlock.Of("README.md").Single(block => block.Value is "Shop/Program.cs");
        var program = File.ReadAllText(Path.Combine(Repository.Root, "samples", "QuickStart", "Program.cs")).ReplaceLineEndings("\n");

        Assert.That(shown.Text, Is.EqualTo(program));
    }

    [Test, Description("DOCS commands that start something of this repository")]
    public void Commands_name_projects_and_scripts_that_are_there()
    {
        var commands = CodeBlock.All().Where(block => block.IsCommands && !block.CallsTheSample)
            .SelectMany(block => block.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (Block: block, Line: line)))
            .Where(it => !it.Line.StartsWith('#'));

        Assert.That(commands, Is.Not.Empty);
        foreach (var (block, line) in commands)
        {
            var match = Starts().Match(line);
            Assert.That(match.Success, $"{block}: {line}");
            var path = Path.Combine(Repository.Root, match.Groups["path"].Value);
            Assert.That(File.Exists(path) || Directory.Exists(path), $"{block}: {line}");
        }
    }

    [TestCaseSource(nameof(PagesWithCommands)), Description("DOCS commands are run, and answer what the page says")]
    public async Task Commands_work_against_AdminPanel(string page)
    {
        await using var sample = await SampleProcess.StartAsync("AdminPanel");
        var folder = Directory.CreateTempSubdirectory("hanzo-sessions-docs-");
        try
        {
            var answer = string.Empty;
            foreach (var block in CodeBlock.Of(page))
            {
                if (block.CallsTheSample)
                {
                    answer = await RunAsync(block, sample.Address, folder.FullName);
                }
                else if (block.Language is "json")
                {
                    Assert.That(Shape(JsonDocument.Parse(answer).RootElement), Is.EqualTo(Shape(JsonDocument.Parse(block.Text).RootElement)), $"{block}");
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestCaseSource(typeof(CodeBlock), nameof(CodeBlock.Pages)), Description("DOCS links lead somewhere")]
    public void Links_of_a_page_lead_to_files_and_headings_that_are_there(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        foreach (var (file, heading) in Links().Matches(File.ReadAllText(Path.Combine(Repository.Root, page)))
            .Select(link => (link.Groups["file"].Value, link.Groups["heading"].Value)))
        {
            var target = file.Length == 0 ? Path.Combine(Repository.Root, page) : Path.Combine(folder, file);
            Assert.That(File.Exists(target) || Directory.Exists(target), $"{page} links to {file}");
            if (heading.Length > 0)
            {
                Assert.That(File.ReadLines(target).Where(line => line.StartsWith('#')).Select(Anchor), Does.Contain(heading), $"{page} links to {file}#{heading}");
            }
        }
    }

    [Test, Description("DOCS versions")]
    public void The_versions_of_our_packages_are_the_present_one()
    {
        var version = Version().Match(File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props"))).Groups["version"].Value;
        var projects = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "consumer"), "*.csproj", SearchOption.AllDirectories)
            .Select(File.ReadAllText);
        var named = CodeBlock.All().Select(block => block.Text).Concat(projects).SelectMany(text => OwnPackages().Matches(text)).ToList();

        Assert.That(named, Is.Not.Empty);
        Assert.That(named.Select(match => match.Groups["version"].Value), Is.All.EqualTo(version));
    }

    private static IEnumerable<string> PagesWithCommands() =>
        CodeBlock.Pages.Where(page => CodeBlock.Of(page).Any(block => block.CallsTheSample));

    private static bool IsQuoted(CodeBlock block)
    {
        var path = Path.Combine(Repository.Root, block.Value);
        return Array.Exists(Proved, folder => block.Value.StartsWith(folder, StringComparison.Ordinal))
            && File.Exists(path)
            && File.ReadAllText(path).ReplaceLineEndings("\n") is var text
            && block.Text.Split("\n\n").All(part => text.Contains(part.TrimEnd('\n'), StringComparison.Ordinal));
    }

    /// <summary>Runs commands as they stand, but for the sample's address, and answers the last line that they print.</summary>
    private static async Task<string> RunAsync(CodeBlock block, Uri address, string folder)
    {
        var commands = block.Text.Replace("http://localhost:5080", address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        var start = new ProcessStartInfo("bash")
        {
            ArgumentList = { "-euo", "pipefail", "-c", $"curl() {{ command curl --silent --show-error --fail-with-body \"$@\"; echo; }}\n{commands}" },
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var bash = Process.Start(start)!;
        var (output, errors) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);
        Assert.That(bash.ExitCode, Is.Zero, $"{block}\n{await output}{await errors}");
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? string.Empty;
    }

    /// <summary>The properties of an answer, and of the first item of each of its lists.</summary>
    private static string Shape(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(",", json.EnumerateObject().OrderBy(it => it.Name, StringComparer.Ordinal).Select(it => $"{it.Name}{Shape(it.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Concat(json.EnumerateArray().Take(1).Select(Shape))}]",
        _ => string.Empty,
    };

    // As GitHub makes it of a heading.
    private static string Anchor(string heading) =>
        NotInAnchors().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), string.Empty).Replace(' ', '-');

    [GeneratedRegex(@"^(?:\w+=\S+ +)?(?:dotnet run (?:-c Release )?--project|dotnet test|bash) (?<path>[\w./-]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Starts();

    [GeneratedRegex(@"\]\((?!https?:)(?<file>[^)#\s]*)(?:#(?<heading>[^)\s]+))?\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Links();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.None, 1000)]
    private static partial Regex NotInAnchors();

    [GeneratedRegex("<Version>(?<version>[^<]+)</Version>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Version();

    [GeneratedRegex("Include=\"Hanzo\\.Sessions[^\"]*\" Version=\"(?<version>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OwnPackages();
}
