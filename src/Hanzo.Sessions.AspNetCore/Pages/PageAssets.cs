using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// The scripts, the style sheets and the icon of the pages, embedded in the assembly. Their address has a version, a hash
/// of all their content, so browsers cache them forever. Under another version (during an update of the servers) they are
/// not cached.
/// </summary>
internal sealed partial class PageAssets
{
    public const string Route = "/_hanzo-sessions";

    private const string Folder = "Pages/";

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    private readonly Dictionary<string, Asset> _assets = new(StringComparer.Ordinal);

    public PageAssets(AccentColor accent)
    {
        var assembly = typeof(PageAssets).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var content = new MemoryStream();
            stream.CopyTo(content);
            Add(name[Folder.Length..], content.ToArray());
        }

        Add("theme.css", Encoding.UTF8.GetBytes(accent.StyleSheet()));
        var kinds = DeviceLabel.Kinds.Select(kind => $"  '{kind.Key}': '{kind.Value}',\n");
        Add("kinds.js", Encoding.UTF8.GetBytes($"export const kinds = {{\n{string.Concat(kinds)}}};\n"));
        Version = Hash(Encoding.UTF8.GetBytes(string.Concat(
            _assets.OrderBy(asset => asset.Key, StringComparer.Ordinal).Select(asset => asset.Key + asset.Value.Tag))));
    }

    /// <summary>Part of the address of every asset.</summary>
    public string Version { get; }

    /// <summary>All scripts that a script imports, directly or not, so that a page can load them at once.</summary>
    public IReadOnlyList<string> ImportsOf(string script)
    {
        List<string> found = [script];
        for (var next = 0; next < found.Count; next++)
        {
            var text = Encoding.UTF8.GetString(_assets[found[next]].Content);
            found.AddRange(ImportPattern().Matches(text).Select(match => match.Groups["name"].Value).Except(found, StringComparer.Ordinal));
        }

        return found[1..];
    }

    public static string Text(string name)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream(Folder + name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    public IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods(Route + "/{version}/{name}", [HttpMethods.Get, HttpMethods.Head], AnswerAsync);

    private async Task AnswerAsync(HttpContext http)
    {
        var response = http.Response;
        PageHeaders.Add(response);
        if (!_assets.TryGetValue((string)http.GetRouteValue("name")!, out var asset))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var isThisVersion = string.Equals((string?)http.GetRouteValue("version"), Version, StringComparison.Ordinal);
        response.Headers.CacheControl = isThisVersion ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.ETag = asset.Tag;
        if (http.Request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || string.Equals(tag.Tag.Value, asset.Tag, StringComparison.Ordinal)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = asset.Type;
        response.ContentLength = asset.Content.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await response.Body.WriteAsync(asset.Content, http.RequestAborted);
        }
    }

    private void Add(string name, byte[] content)
    {
        if (Types.TryGetValue(Path.GetExtension(name), out var type))
        {
            _assets[name] = new Asset(content, type, $"\"{Hash(content)}\"");
        }
    }

    [GeneratedRegex("^import .* from '\\./(?<name>.+)';$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ImportPattern();

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8));

    private sealed record Asset(byte[] Content, string Type, string Tag);
}
