using System.Globalization;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// The host's accent color and its style sheet. Lines and marks need a contrast of at least 4.5 to the pages' background
/// (WCAG 2.2, 1.4.3), in light and in dark mode: a color with less is darkened or lightened as little as possible.
/// </summary>
internal readonly record struct AccentColor(byte Red, byte Green, byte Blue)
{
    private const double Enough = 4.6;

    private static readonly AccentColor White = new(255, 255, 255);
    private static readonly AccentColor Black = new(0, 0, 0);

    /// <summary>The surfaces of the style sheet on which text in the accent color has the lowest contrast.</summary>
    private static readonly AccentColor LightSurface = new(0xee, 0xf1, 0xf1);
    private static readonly AccentColor DarkSurface = new(0x24, 0x2b, 0x2d);

    public static AccentColor? Parse(string? text) =>
        text is ['#', .. { Length: 6 } digits]
        && int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? new((byte)(value >> 16), (byte)(value >> 8), (byte)value)
            : null;

    /// <summary>The style sheet: the accent and the color of text on it, for light and dark mode.</summary>
    public string StyleSheet()
    {
        var light = Readable(LightSurface, Black);
        var dark = Readable(DarkSurface, White);
        return $$"""
            :root {
              --accent: {{light}};
              --on-accent: {{light.TextOnIt()}};
            }

            @media (prefers-color-scheme: dark) {
              :root {
                --accent: {{dark}};
                --on-accent: {{dark.TextOnIt()}};
              }
            }

            """;
    }

    public double ContrastTo(AccentColor other)
    {
        var (mine, theirs) = (Luminance(), other.Luminance());
        return (Math.Max(mine, theirs) + 0.05) / (Math.Min(mine, theirs) + 0.05);
    }

    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";

    private AccentColor Readable(AccentColor surface, AccentColor towards)
    {
        for (var percent = 0; percent < 100; percent++)
        {
            var mixed = Mixed(towards, percent);
            if (mixed.ContrastTo(surface) >= Enough)
            {
                return mixed;
            }
        }

        return towards;
    }

    private AccentColor TextOnIt() => ContrastTo(White) >= ContrastTo(Black) ? White : Black;

    private AccentColor Mixed(AccentColor other, int percent) => new(
        Mix(Red, other.Red, percent), Mix(Green, other.Green, percent), Mix(Blue, other.Blue, percent));

    private double Luminance() => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

    private static byte Mix(byte mine, byte theirs, int percent) => (byte)(((mine * (100 - percent)) + (theirs * percent)) / 100);

    private static double Linear(byte channel)
    {
        var share = channel / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
    }
}
