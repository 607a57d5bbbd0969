namespace Hanzo.Sessions.AspNetCore;

/// <summary>Validates the settings of the pages.</summary>
internal static class PageFaults
{
    private const string PathRange =
        "it must be null or a path such as /admin/sessions: '/' and 1 to 255 ASCII letters, digits, '-', '_', '.', '~' and '/', not under /api/ or /_hanzo-sessions";

    private const int LongestPath = 256;
    private const int LongestText = 100;

    public static IEnumerable<string> Of(HanzoSessionEndpointOptions options)
    {
        if (!IsPagePath(options.AdminPagePath))
        {
            yield return $"AdminPagePath is {Shown(options.AdminPagePath)}; {PathRange}.";
        }

        if (!IsPagePath(options.AccountPagePath))
        {
            yield return $"AccountPagePath is {Shown(options.AccountPagePath)}; {PathRange}.";
        }
        else if (options.AccountPagePath is { } path && path.Equals(options.AdminPagePath, StringComparison.OrdinalIgnoreCase))
        {
            yield return $"AccountPagePath is {Shown(path)}; it must differ from AdminPagePath.";
        }

        if (!IsText(options.PageTitle))
        {
            yield return $"PageTitle is {Shown(options.PageTitle)}; it must be 1 to {LongestText} characters without control characters.";
        }

        if (AccentColor.Parse(options.AccentColor) is null)
        {
            yield return $"AccentColor is {Shown(options.AccentColor)}; it must be a color written as #rrggbb.";
        }

        if (options.BackLink is { } link && !IsLocal(link))
        {
            yield return $"BackLink is {Shown(link)}; it must be null or a path of this app, such as /: no other host, no '\\', no control characters, at most {LongestPath} characters.";
        }

        if (!IsText(options.BackLinkText))
        {
            yield return $"BackLinkText is {Shown(options.BackLinkText)}; it must be 1 to {LongestText} characters without control characters.";
        }
    }

    private static bool IsPagePath(string? path) =>
        path is null
        || (path is ['/', not '/', ..] and [.., not '/']
            && path.Length <= LongestPath
            && path.All(it => char.IsAsciiLetterOrDigit(it) || it is '-' or '_' or '.' or '~' or '/')
            && !path.Split('/').Any(segment => segment is "." or "..")
            && !path.Contains("//", StringComparison.Ordinal)
            && !path.StartsWith("/api/", StringComparison.OrdinalIgnoreCase)
            && !path.StartsWith(PageAssets.Route, StringComparison.OrdinalIgnoreCase));

    // "//host" and "/\host" are addresses of other hosts.
    private static bool IsLocal(string link) =>
        link is ['/', ..] and not ['/', '/', ..]
        && link.Length <= LongestPath
        && !link.Contains('\\', StringComparison.Ordinal)
        && !link.Any(char.IsControl);

    private static bool IsText(string? text) => text is { Length: > 0 and <= LongestText } && !text.Any(char.IsControl);

    private static string Shown(string? value) => value is null ? "null" : $"'{value}'";
}
