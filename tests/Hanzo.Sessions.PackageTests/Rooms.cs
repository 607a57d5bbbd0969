using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Hanzo.Sessions.PackageTests;

/// <summary>
/// The folders of a package and whose types name whose, as the compiler understands the sources that the package was built
/// from. Constants and nameof count, of which the assembly has no trace. Doc comments do not, nor does what a type merely
/// passes on: the one that it gets it from names it.
/// </summary>
internal sealed class Rooms
{
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    private static readonly List<PortableExecutableReference> References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    private readonly HashSet<Room> _rooms;
    private readonly ILookup<(Room From, Room To), string> _arrows;

    /// <param name="package">The name of the assembly.</param>
    /// <param name="sources">The text of each file and its path within the package; a generated one has none.</param>
    public Rooms(string package, params IEnumerable<(string? Path, string Text)> sources)
    {
        var compilation = CSharpCompilation.Create(
            package,
            sources.Select(source => CSharpSyntaxTree.ParseText(source.Text, path: source.Path ?? string.Empty)),
            References.Where(it => !Path.GetFileName(it.FilePath.AsSpan()).SequenceEqual($"{package}.dll")),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        var declarations = (
            from tree in compilation.SyntaxTrees
            where tree.FilePath.Length > 0
            let model = compilation.GetSemanticModel(tree)
            from node in tree.GetRoot().DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            where node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
            select (Type: (INamedTypeSymbol)model.GetDeclaredSymbol(node)!, Node: node, Model: model, File: tree.FilePath)).ToList();
        var files = declarations.ToLookup(ISymbol? (it) => it.Type, it => it.File, SymbolEqualityComparer.Default);

        // Only where one of these stands is the compiler asked what it means: that takes a third of the time.
        var words = declarations.SelectMany(it => it.Type.GetMembers().Where(member => member.IsStatic).Select(member => member.Name)
            .Append(it.Type.Name).Append(it.Type.Name.Replace(nameof(Attribute), string.Empty, StringComparison.Ordinal))).ToHashSet(StringComparer.Ordinal);

        _rooms = [.. declarations.Select(it => Room.Of(it.File))];
        _arrows = (
            from it in declarations
            from word in it.Node.DescendantNodes().OfType<SimpleNameSyntax>()
            where words.Contains(word.Identifier.ValueText)
            let named = Outermost(it.Model.GetSymbolInfo(word).Symbol)
            let home = files[named].FirstOrDefault()
            where home is not null && Room.Of(home) != Room.Of(it.File)
            select (Arrow: (Room.Of(it.File), Room.Of(home)), Text: $"{it.Type.Name} ({it.File}) names {named.Name} ({home})"))
            .Distinct().ToLookup(it => it.Arrow, it => it.Text);
        Faults = string.Join('\n',
        [
            .. compilation.GetDeclarationDiagnostics()
                .Where(it => it is { Severity: DiagnosticSeverity.Error, Location.SourceTree.FilePath.Length: > 0 }).Select(it => it.ToString()),
            .. files.Where(it => it.Select(Room.Of).Distinct().Count() > 1).Select(it => $"{it.Key!.Name} is in several folders: {string.Join(", ", it)}"),
            .. _arrows.Where(it => Below(it.Key.To).Contains(it.Key.From)).OrderBy(it => it.Count())
                .Select(it => $"{it.Key.From.Folder} > {it.Key.To.Folder} is part of a circle: {string.Join(", ", it.Take(3))}"),
        ]);
    }

    /// <summary>What is wrong, one fault a line. Of a circle every step, with the first types that take it; the one that fewest take first.</summary>
    public string Faults { get; }

    /// <summary>The folders from the bottom up: each names only those before it. What is in a circle or above one is not there.</summary>
    public string Floors()
    {
        HashSet<Room> left = [.. _rooms];
        List<string> floors = [];
        while (left.Where(room => !_arrows.Any(it => it.Key.From == room && left.Contains(it.Key.To))).ToList() is [_, ..] floor)
        {
            floors.Add(string.Join(", ", floor.Select(room => room.Folder)));
            left.ExceptWith(floor);
        }

        return string.Join(" < ", floors);
    }

    /// <summary>A package from the sources that the compiler has put into its symbols, those of generators included.</summary>
    public static Rooms Of(Assembly package)
    {
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(package.Location, ".pdb")));
        var (pdb, name) = (symbols.GetMetadataReader(), package.GetName().Name!);
        return new Rooms(
            name,
            from document in pdb.Documents
            from information in pdb.GetCustomDebugInformation(document).Select(pdb.GetCustomDebugInformation)
            where pdb.GetGuid(information.Kind) == EmbeddedSource
            let path = pdb.GetString(pdb.GetDocument(document).Name).Replace('\\', '/').Split($"/src/{name}/")[^1]
            select (Path.IsPathRooted(path) || path.StartsWith("obj/", StringComparison.Ordinal) ? null : path, TextOf(pdb.GetBlobBytes(information.Value))));
    }

    private HashSet<Room> Below(Room room)
    {
        HashSet<Room> below = [room];
        while (_arrows.Any(it => below.Contains(it.Key.From) && below.Add(it.Key.To)))
        {
        }

        return below;
    }

    private static ISymbol? Outermost(ISymbol? symbol) =>
        symbol?.ContainingType is { } outer ? Outermost(outer) : (symbol as INamedTypeSymbol)?.OriginalDefinition;

    // The length of the text where it is compressed, otherwise 0; then the text.
    private static string TextOf(byte[] source)
    {
        var text = new MemoryStream(source, sizeof(int), source.Length - sizeof(int));
        using var reader = new StreamReader(BitConverter.ToInt32(source) == 0 ? text : new DeflateStream(text, CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    private readonly record struct Room(string Folder)
    {
        public static Room Of(string file) => new(Path.GetDirectoryName(file) is { Length: > 0 } folder ? folder : "(root)");
    }
}
