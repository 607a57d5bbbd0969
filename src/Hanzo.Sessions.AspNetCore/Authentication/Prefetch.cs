using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Requests that a browser sends by itself, for a page that its user may never open.</summary>
internal static class Prefetch
{
    // The standard one (Fetch, "Sec-Purpose"), and those of earlier Chrome, Safari and Firefox.
    private static readonly string[] Headers = ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"];
    private static readonly string[] Purposes = ["prefetch", "prerender", "preview"];

    public static bool Is(HttpRequest request)
    {
        foreach (var name in Headers)
        {
            if (request.Headers.TryGetValue(name, out var value) && Says(value.ToString()))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Says(string value) =>
        Array.Exists(Purposes, purpose => value.Contains(purpose, StringComparison.OrdinalIgnoreCase));
}
