using Hanzo.Sessions.GeoIp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using static Hanzo.Sessions.AspNetCore.Tests.Location.MmdbWriter;

namespace Hanzo.Sessions.AspNetCore.Tests.Location;

/// <summary>The locator on a real database file, which the tests write.</summary>
public sealed class GeoIpTests
{
    private static readonly MmdbWriter Database = new MmdbWriter()
        .Add("203.0.113.0/24", Map(
            ("city", Map(("geoname_id", 3_117_735u), ("names", Map(("en", "Madrid"), ("ja", "マドリード"), ("zh-CN", "马德里"))))),
            ("country", Map(
                ("geoname_id", 2_510_769u),
                ("iso_code", "ES"),
                ("names", Map(("de", "Spanien"), ("en", "Spain"), ("es", "España"), ("ja", "スペイン"), ("pt-BR", "Espanha"), ("zh-CN", "西班牙")))))))
        .Add("198.51.100.0/25", Map(("country", Map(("iso_code", "PT"), ("names", Map(("en", "Portugal")))))))
        .Add("198.51.100.128/25", Map(("country", Map(("iso_code", "FR")))))
        .Add("192.0.2.0/24", Map(("continent", Map(("code", "EU"), ("names", Map(("en", "Europe")))))))
        .Add("2001:db8:7::/48", "Lisbon", "Portugal");

    [TestCase("en", "Madrid, Spain")]
    [TestCase("en-GB", "Madrid, Spain")]
    [TestCase("es", "Madrid, España")]
    [TestCase("de-AT", "Madrid, Spanien")]
    [TestCase("ja", "マドリード, スペイン")]
    [TestCase("zh-CN", "马德里, 西班牙")]
    [TestCase("zh-SG", "马德里, 西班牙", Description = "another form of the language")]
    [TestCase("pt-PT", "Madrid, Espanha", Description = "another form of the language")]
    [TestCase("it", "Madrid, Spain", Description = "not in the database")]
    [TestCase("", "Madrid, Spain")]
    [Description("U8 city and country, in the reader's language, else in English")]
    public void A_place_is_named_in_the_readers_language(string culture, string place)
    {
        using var host = new GeoIpHost();
        host.Put(Database);

        Assert.That(host.Locate("203.0.113.7", culture), Is.EqualTo(place));
    }

    [TestCase("203.0.113.0", "Madrid, Spain")]
    [TestCase("203.0.113.255", "Madrid, Spain")]
    [TestCase("203.0.114.0", null, Description = "just outside")]
    [TestCase("198.51.100.127", "Portugal", Description = "the country alone")]
    [TestCase("198.51.100.128", "FR", Description = "its code alone")]
    [TestCase("192.0.2.7", null, Description = "neither city nor country")]
    [TestCase("2001:db8:7::1", "Lisbon, Portugal")]
    [TestCase("2001:db8:8::1", null)]
    [TestCase("10.0.0.1", null, Description = "private")]
    [TestCase("127.0.0.1", null)]
    [TestCase("::1", null)]
    [TestCase("fe80::1", null)]
    [Description("U8 what is known of an address, and nothing else")]
    public void An_address_has_the_place_of_its_network(string address, string? place)
    {
        using var host = new GeoIpHost();
        host.Put(Database);

        Assert.That(host.Locate(address), Is.EqualTo(place));
        Assert.That(host.Lines, Has.One.Items.And.All.StartsWith("301 Information").And.All.Contains("GeoLite2-City of 2026-01-01"));
    }

    [Test, Description("U8 an IPv4 database knows no IPv6 address, and that is no fault")]
    public void A_database_of_IPv4_alone_answers_for_IPv4()
    {
        using var host = new GeoIpHost();
        host.Put(new MmdbWriter("GeoLite2-Country", version: 4).Add("203.0.113.0/24", city: null, "Spain"));

        Assert.That(host.Locate("203.0.113.7"), Is.EqualTo("Spain"));
        Assert.That(host.Locate("2001:db8:7::1"), Is.Null);
        Assert.That(host.Lines, Has.None.Contains("Warning"));
    }

    [Test, Description("U8 without a database nothing is shown, and the log says so once")]
    public async Task A_missing_file_is_told_once_and_read_when_it_is_there()
    {
        using var host = new GeoIpHost();
        await host.StartAsync();

        Assert.That(host.Lines, Has.One.Items.And.All.StartsWith($"302 Warning There is no location database {host.File}: no place is shown."));
        for (var minute = 0; minute < 3; minute++)
        {
            Assert.That(host.Locate("203.0.113.7"), Is.Null);
            host.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.That(host.Lines, Has.One.Items);
        host.Put(Database);

        Assert.That(host.Locate("203.0.113.7"), Is.EqualTo("Madrid, Spain"));
        Assert.That(host.Lines[^1], Does.StartWith("301 Information"));
    }

    [Test, Description("U8 a file that is replaced is read within a minute, without a restart")]
    public void Another_file_takes_the_place_of_the_first_within_a_minute()
    {
        using var host = new GeoIpHost();
        host.Put(Database);
        Assert.That(host.Locate("203.0.113.7"), Is.EqualTo("Madrid, Spain"));

        host.Put(new MmdbWriter().Add("203.0.113.0/24", "Toledo", "Spain"));
        host.Clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromMilliseconds(1));
        Assert.That(host.Locate("203.0.113.7"), Is.EqualTo("Madrid, Spain"));
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(host.Locate("203.0.113.7"), Is.EqualTo("Toledo, Spain"));

        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(host.Locate("203.0.113.7"), Is.EqualTo("Toledo, Spain"));
        Assert.That(host.Lines, Has.Exactly(2).Items, "a file that stays is not read again");
    }

    [Test, Description("U8 a file that is gone or damaged does not take the database away that was read before")]
    public void A_damaged_file_is_told_once_and_the_one_before_stays_in_use()
    {
        using var host = new GeoIpHost();
        host.Put(Database);
        host.Locate("203.0.113.7");

        host.Put("not a database"u8.ToArray());
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(host.Locate("203.0.113.7"), Is.EqualTo("Madrid, Spain"));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        host.Locate("203.0.113.7");
        Assert.That(host.Lines, Has.Exactly(2).Items);
        Assert.That(host.Lines[1], Does.StartWith($"303 Warning The location database {host.File} cannot be read: the one that was read before stays in use."));

        File.Delete(host.File);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(host.Locate("203.0.113.7"), Is.EqualTo("Madrid, Spain"));
        Assert.That(host.Lines[2], Does.StartWith("302 Warning").And.Contains("the one that was read before stays in use"));
    }

    [Test, Description("U8 no damage to a file fails a list")]
    public void A_file_with_any_byte_changed_or_cut_anywhere_does_no_harm()
    {
        var whole = new MmdbWriter(version: 4).Add("203.0.113.0/24", "Madrid", "Spain").ToArray();
        for (var at = 0; at < whole.Length; at++)
        {
            foreach (var damaged in new[] { whole[..at], [.. whole[..at], (byte)~whole[at], .. whole[(at + 1)..]] })
            {
                using var host = new GeoIpHost();
                host.Put(damaged);

                Assert.That(() => host.Locate("203.0.113.7"), Throws.Nothing, $"byte {at}");
                host.Locate("203.0.113.8");
                Assert.That(host.Lines.Count(line => line.Contains("Warning", StringComparison.Ordinal)), Is.LessThan(2), $"byte {at}");
            }
        }
    }

    [Test, Description("U8 a record of another kind is told once")]
    public void A_database_of_another_kind_is_told_once()
    {
        using var host = new GeoIpHost();
        host.Put(new MmdbWriter("ipinfo").Add("203.0.113.0/24", Map(("city", "Madrid"), ("country", "ES"))));

        Assert.That(host.Locate("203.0.113.7"), Is.Null);
        Assert.That(host.Locate("203.0.113.8"), Is.Null);
        Assert.That(host.Lines, Has.Exactly(2).Items);
        Assert.That(host.Lines[1], Does.StartWith("304 Warning"));
    }

    [Test, Description("U8 a lookup never meets a database that is being taken away")]
    public async Task Lookups_go_on_while_the_file_is_replaced()
    {
        using var host = new GeoIpHost();
        host.Put(Database);
        host.Locate("203.0.113.7");
        using var stop = new CancellationTokenSource();
        var lookups = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            HashSet<string?> seen = [];
            while (!stop.IsCancellationRequested)
            {
                seen.Add(host.Locate("203.0.113.7"));
            }

            return seen;
        })).ToList();

        for (var month = 0; month < 50; month++)
        {
            host.Put(Database);
            host.Clock.Advance(TimeSpan.FromMinutes(1));
            await Until.TrueAsync(() => Task.FromResult(host.Lines.Count == month + 2), "the next file is read");
        }

        await stop.CancelAsync();
        Assert.That((await Task.WhenAll(lookups)).SelectMany(seen => seen), Is.Not.Empty.And.All.EqualTo("Madrid, Spain"));
        Assert.That(host.Lines, Has.None.Contains("Warning"));
    }

    [Test, Description("U8 a setting that cannot be is refused at start")]
    public void A_path_that_is_empty_is_refused_at_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddHanzoSessions().UseGeoIp();
        using var host = builder.Build();

        Assert.That(
            () => host.StartAsync(),
            Throws.TypeOf<OptionsValidationException>().With.Message.EqualTo(
                "HanzoSessions GeoIp: DatabasePath is empty; it must be the path of a database file, such as GeoLite2-City.mmdb."));
    }

    [Test, Description("U8 a second call changes the path and adds no second locator")]
    public void The_last_path_wins()
    {
        using var services = new ServiceCollection().AddHanzoSessions().UseGeoIp("old.mmdb").UseGeoIp("new.mmdb").Services.BuildServiceProvider();

        Assert.That(services.GetServices<ISessionLocator>().Count(), Is.EqualTo(1));
        Assert.That(services.GetRequiredService<IOptions<GeoIpOptions>>().Value.DatabasePath, Is.EqualTo("new.mmdb"));
    }
}
