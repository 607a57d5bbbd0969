using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>The Set-Cookie headers of a response.</summary>
internal static class SetCookieHeader
{
    /// <summary>
    /// Removes the cookie of this name from the response, with the chunks (<c>nameC1</c>, <c>nameC2</c>, ...) into which
    /// the framework splits a long cookie.
    /// </summary>
    public static void Remove(HttpResponse response, string name) =>
        response.Headers.SetCookie = response.Headers.SetCookie.Where(cookie => !IsOf(name, cookie)).ToArray();

    /// <summary>Whether the response sets the cookie.</summary>
    public static bool Has(HttpResponse response, string name) => response.Headers.SetCookie.Any(cookie => IsOf(name, cookie));

    /// <summary>The values that set the cookie, with its chunks.</summary>
    public static string?[] Of(HttpResponse response, string name) =>
        [.. response.Headers.SetCookie.Where(cookie => IsOf(name, cookie))];

    private static bool IsOf(string name, string? cookie)
    {
        var end = cookie?.IndexOf('=', StringComparison.Ordinal) ?? -1;
        return end >= 0
            && cookie!.AsSpan(0, end) is var found
            && found.StartsWith(name, StringComparison.Ordinal)
            && (found.Length == name.Length
                || (found[name.Length] == 'C' && found.Length > name.Length + 1 && !found[(name.Length + 1)..].ContainsAnyExceptInRange('0', '9')));
    }
}
