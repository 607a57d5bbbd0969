using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>The HTML of a page: the settings of its script, as attributes, and the links to its files.</summary>
/// <param name="Assets">The files.</param>
/// <param name="Options">Title, paths and the link back.</param>
/// <param name="PathBase">The host's path base.</param>
/// <param name="Prefix">The beginning of every path of the library: the path base and the route group.</param>
/// <param name="View">The name of the page and of its script.</param>
/// <param name="Session">The session that the page is loaded for: its requests act for no other one.</param>
internal sealed partial record PageShell(
    PageAssets Assets, HanzoSessionEndpointOptions Options, string PathBase, string Prefix, string View, Session Session)
{
    private static readonly string Template = PageAssets.Text("shell.html");

    /// <summary>Whether the user may see the sessions of several organizations.</summary>
    public bool AllOrganizations { get; init; }

    public bool IsAdministrator { get; init; }

    public Task WriteAsync(HttpContext http, int status) => PageAnswer.WriteAsync(http, status, Html);

    private string Html()
    {
        var files = $"{Prefix}{PageAssets.Route}/{Assets.Version}";
        var preloads = string.Join("\n  ", Assets.ImportsOf(View + ".js").Select(name => $"<link rel=\"modulepreload\" href=\"{Text($"{files}/{name}")}\">"));
        Dictionary<string, string> values = new(StringComparer.Ordinal)
        {
            ["preloads"] = preloads,
            ["files"] = Text(files),
            ["view"] = View,
            ["style"] = View is "account" ? "account" : "admin",
            ["api"] = Text(Prefix + "/api"),
            ["session"] = Session.Id.ToString(),
            ["organization"] = Text(Session.User.Organization),
            ["user"] = Text(Session.User.Name),
            ["adminPage"] = Text(IsAdministrator ? Link(Options.AdminPagePath) : string.Empty),
            ["accountPage"] = Text(Link(Options.AccountPagePath)),
            ["allOrganizations"] = AllOrganizations ? "true" : "false",
            ["backLink"] = Text(Options.BackLink is { } link ? PathBase + link : string.Empty),
            ["backLinkText"] = Text(Options.BackLinkText),
            ["title"] = Text(Options.PageTitle),
        };

        // In one pass: a name is not searched for places again.
        return Place().Replace(Template, place => values[place.Groups["name"].Value]);
    }

    private string Link(string? path) => path is null ? string.Empty : Prefix + path;

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);

    [GeneratedRegex(@"\{\{(?<name>\w+)\}\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();
}
