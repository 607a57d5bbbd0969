using System.Globalization;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>What the headers of the edge say of an address.</summary>
/// <param name="City">The name of the city; null if unknown.</param>
/// <param name="Country">The code of the country, or its name; null if unknown.</param>
internal sealed record EdgePlace(string? City, string? Country)
{
    private const int LongestHeader = 512;
    private const int LongestName = 128;

    // Cloudflare's and App Engine's words for an unknown place, and Cloudflare's for the Tor network.
    private static readonly string[] Unknown = ["XX", "ZZ", "T1", "?"];

    /// <summary>Reads the text of a header that a client may have a part in; null if it is not a name.</summary>
    public static string? Name(StringValues header)
    {
        if (header is not [{ Length: > 0 and <= LongestHeader } value])
        {
            return null;
        }

        var decoded = value.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(value) : value;
        var name = new StringBuilder(decoded.Length);
        foreach (var rune in decoded.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar)
            {
                return null;
            }

            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse))
            {
                name.Append(rune);
            }
        }

        var text = name.ToString().Trim();
        return text.Length is 0 or > LongestName || Unknown.Contains(text, StringComparer.Ordinal) ? null : text;
    }

    /// <summary>The place as text in the language of a culture; null if nothing is known.</summary>
    public string? In(CultureInfo culture) => (City, Country is null ? null : CountryIn(Country, culture)) switch
    {
        ({ } city, { } country) => $"{city}, {country}",
        var (city, country) => country ?? city,
    };

    private static string CountryIn(string country, CultureInfo culture)
    {
        if (country is not [var first, var second] || !char.IsAsciiLetter(first) || !char.IsAsciiLetter(second))
        {
            return country;
        }

        var code = country.ToUpperInvariant();
        try
        {
            // The name of a region in the language of the culture that it is made of, whatever the server's language is.
            return new RegionInfo($"{Language(culture)}-{code}").NativeName;
        }
        catch (ArgumentException)
        {
            return code; // no names without the data of globalization (InvariantGlobalization)
        }
    }

    /// <summary>The language of a culture with its script ("zh-Hant"), without its region.</summary>
    private static string Language(CultureInfo culture)
    {
        while (!culture.IsNeutralCulture && culture.Parent.Name.Length > 0)
        {
            culture = culture.Parent;
        }

        return culture.Name.Length > 0 ? culture.Name : "en";
    }
}
