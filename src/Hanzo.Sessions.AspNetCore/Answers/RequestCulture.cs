using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>The language of the client that sent a request.</summary>
internal static class RequestCulture
{
    /// <summary>A browser sends up to a dozen; each that is unknown costs an exception.</summary>
    private const int MostTried = 10;

    private static readonly CultureInfo English = Known("en") ?? CultureInfo.InvariantCulture;

    /// <summary>The first culture in <c>Accept-Language</c> that this server knows; else English.</summary>
    public static CultureInfo Of(HttpRequest request) => request.GetTypedHeaders().AcceptLanguage
        .Where(it => it.Quality is not 0)
        .OrderByDescending(it => it.Quality ?? 1)
        .Take(MostTried)
        .Select(it => Known(it.Value.ToString()))
        .FirstOrDefault(it => it is not null) ?? English;

    private static CultureInfo? Known(string name)
    {
        if (!IsPlain(name))
        {
            return null;
        }

        try
        {
            return CultureInfo.GetCultureInfo(name, predefinedOnly: true);
        }
        catch (CultureNotFoundException)
        {
            return null;
        }
    }

    // The framework keeps every culture that it was asked for, and extensions such as en-u-va-abcde make any number of them.
    private static bool IsPlain(string name) => name.Split('-').All(part => part.Length is > 1 and <= 8 && part.All(char.IsAsciiLetterOrDigit));
}
