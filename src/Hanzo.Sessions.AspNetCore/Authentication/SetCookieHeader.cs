using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>What an answer says of a cookie so far.</summary>
internal static class SetCookieHeader
{
    /// <summary>
    /// Takes back what the answer has set by this name, with the pieces (<c>nameC1</c>, <c>nameC2</c>, ...) that the
    /// framework cuts a long cookie into.
    /// </summary>
    public static void Remove(HttpResponse response, string name) =>
        response.Headers.SetCookie = response.Headers.SetCookie.Where(cookie => !IsOf(name, cookie)).ToArray();

    /// <summary>Whether the answer sets it.</summary>
    public static bool Has(HttpResponse response, string name) => response.Headers.SetCookie.Any(cookie => IsOf(name, cookie));

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
