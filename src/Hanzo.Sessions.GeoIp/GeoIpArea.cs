using System.Globalization;
using MaxMind.Db;

namespace Hanzo.Sessions.GeoIp;

/// <summary>A city or a country of a record.</summary>
internal sealed class GeoIpArea
{
    private const string English = "en";

    /// <summary>The name in each language of the database, such as "pt-BR".</summary>
    [MapKey("names")]
    public Dictionary<string, string>? Names { get; init; }

    /// <summary>The code of a country, such as "ES".</summary>
    [MapKey("iso_code")]
    public string? Code { get; init; }

    /// <summary>
    /// The name in the language of a culture, else in another form of that language (Brazilian Portuguese for Portuguese), else
    /// in English, else the code; null if there is none.
    /// </summary>
    public string? NameIn(CultureInfo culture) => OwnName(culture) ?? Name(English) ?? Code;

    private string? OwnName(CultureInfo culture)
    {
        for (var language = culture; language.Name.Length > 0; language = language.Parent)
        {
            if (Name(language.Name) is { } name)
            {
                return name;
            }
        }

        var form = Names?.Keys
            .Where(key => key.Split('-')[0].Equals(culture.TwoLetterISOLanguageName, StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal).FirstOrDefault();
        return form is null ? null : Name(form);
    }

    private string? Name(string language) => Names?.GetValueOrDefault(language) is { Length: > 0 } name ? name : null;
}
