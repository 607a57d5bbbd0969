using System.Globalization;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

internal sealed class AccentColorTests
{
    private static readonly AccentColor LightSurface = AccentColor.Parse("#eef1f1")!.Value;
    private static readonly AccentColor DarkSurface = AccentColor.Parse("#222a2c")!.Value;

    [TestCase("#000000", "#ffffff", 21)]
    [TestCase("#ffffff", "#ffffff", 1)]
    [TestCase("#767676", "#ffffff", 4.54)]
    [Description("WCAG 2.2, contrast ratio")]
    public void The_contrast_is_that_of_WCAG(string one, string other, double ratio) =>
        Assert.That(AccentColor.Parse(one)!.Value.ContrastTo(AccentColor.Parse(other)!.Value), Is.EqualTo(ratio).Within(0.01));

    [Test]
    [Description("Pages, WCAG 1.4.3")]
    public void Every_color_can_be_read_in_light_and_in_dark_and_carries_readable_text()
    {
        for (var value = 0; value <= 0xffffff; value += 4_099)
        {
            var sheet = AccentColor.Parse("#" + value.ToString("x6", CultureInfo.InvariantCulture))!.Value.StyleSheet();
            var colors = sheet.Split(' ', ';').Select(AccentColor.Parse).OfType<AccentColor>().ToList();
            Assert.That(colors, Has.Count.EqualTo(4));
            Assert.That(colors[0].ContrastTo(LightSurface), Is.GreaterThanOrEqualTo(4.5), sheet);
            Assert.That(colors[2].ContrastTo(DarkSurface), Is.GreaterThanOrEqualTo(4.5), sheet);
            Assert.That(colors[0].ContrastTo(colors[1]), Is.GreaterThanOrEqualTo(4.5), sheet);
            Assert.That(colors[2].ContrastTo(colors[3]), Is.GreaterThanOrEqualTo(4.5), sheet);
        }
    }

    [Test]
    [Description("Pages")]
    public void A_color_that_can_be_read_is_left_as_it_is() =>
        Assert.That(AccentColor.Parse("#0f766e")!.Value.StyleSheet(), Does.Contain("--accent: #0f766e;"));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("0f766e")]
    [TestCase("#0f766")]
    [TestCase("#0f766e;")]
    [TestCase("#0f766g")]
    [TestCase("# f766e")]
    [TestCase("#-f766e")]
    [Description("Pages")]
    public void Anything_else_is_no_color(string? text) => Assert.That(AccentColor.Parse(text), Is.Null);
}
