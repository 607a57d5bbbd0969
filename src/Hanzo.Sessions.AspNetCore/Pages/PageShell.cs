using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>The HTML of a page: the settings of its script, as attributes, and the links to its files.</summary>
/// <param name="Assets">The files.</param>
/// <param name="Options">Title, paths and the link back.</param>
/// <param name="PathBase">The host's path base.</param>
/// <param name="Prefix">The beginning of every path of the library: the path base and the route group.</param>
/// <param name="View">The name of the page and of its script.</param>
/// <param name="Session">The session that the page is loaded for: its requests act for no other one.</param>
internal sealed record PageShell(
    PageAssets Assets, HanzoSessionEndpointOptions Options, string PathBase, string Prefix, string View, Session Session)
{
    private static readonly string Template = PageAssets.Text("shell.html");

    /// <summary>Whether the user may see the sessions of several organizations.</summary>
    public bool AllOrganizations { get; init; }

    public bool IsAdministrator { get; init; }

    public async Task WriteAsync(HttpContext http, int status)
    {
        var response = http.Response;
        PageHeaders.Add(response);
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await response.WriteAsync(Html(), Encoding.UTF8, http.RequestAborted);
        }
    }

    private string Html()
    {
        var files = $"{Prefix}{PageAssets.Route}/{Assets.Version}";
        var preloads = string.Join("\n  ", Assets.ImportsOf(View + ".js").Select(name => $"<link rel=\"modulepreload\" href=\"{Text($"{files}/{name}")}\">"));
        return Template
            .Replace("{{preloads}}", preloads, StringComparison.Ordinal)
            .Replace("{{files}}", Text(files), StringComparison.Ordinal)
            .Replace("{{view}}", View, StringComparison.Ordinal)
            .Replace("{{style}}", View is "account" ? "account" : "admin", StringComparison.Ordinal)
            .Replace("{{api}}", Text(Prefix + "/api"), StringComparison.Ordinal)
            .Replace("{{session}}", Session.Id.ToString(), StringComparison.Ordinal)
            .Replace("{{adminPage}}", Text(IsAdministrator ? Link(Options.AdminPagePath) : string.Empty), StringComparison.Ordinal)
            .Replace("{{accountPage}}", Text(Link(Options.AccountPagePath)), StringComparison.Ordinal)
            .Replace("{{allOrganizations}}", AllOrganizations ? "true" : "false", StringComparison.Ordinal)
            .Replace("{{backLink}}", Text(Options.BackLink is { } link ? PathBase + link : string.Empty), StringComparison.Ordinal)
            .Replace("{{backLinkText}}", Text(Options.BackLinkText), StringComparison.Ordinal)
            .Replace("{{title}}", Text(Options.PageTitle), StringComparison.Ordinal)
            .Replace("{{organization}}", Text(Session.User.Organization), StringComparison.Ordinal)
            .Replace("{{user}}", Text(Session.User.Name), StringComparison.Ordinal);
    }

    private string Link(string? path) => path is null ? string.Empty : Prefix + path;

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
