using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.Tests;

public sealed class OptionsTests
{
    [Test, Description("V2, C2, V3, K1, A1 the defaults")]
    public void The_defaults_are_those_of_the_documentation()
    {
        var options = new HanzoSessionsOptions();

        Assert.Multiple(() =>
        {
            Assert.That(options.IdleTimeout, Is.EqualTo(TimeSpan.FromMinutes(60)));
            Assert.That(options.AbsoluteTimeout, Is.EqualTo(TimeSpan.FromHours(24)));
            Assert.That(options.PersistentIdleTimeout, Is.Null);
            Assert.That(options.PersistentAbsoluteTimeout, Is.Null);
            Assert.That(options.MaxSessions, Is.EqualTo(10));
            Assert.That(options.LimitScope, Is.EqualTo(SessionLimitScope.User));
            Assert.That(options.AtLimit, Is.EqualTo(SessionLimitAction.Refuse));
            Assert.That(options.ActivityResolution, Is.Null);
            Assert.That(options.DefaultOrganization, Is.EqualTo("default"));
            Assert.That(options.DefaultApplication, Is.EqualTo("default"));
            Assert.That(options.HistoryRetention, Is.EqualTo(TimeSpan.FromDays(30)));
            Assert.That(options.HistoryCapacity, Is.EqualTo(10_000));
            Assert.That(options.IpSpreadThreshold, Is.EqualTo(4));
            Assert.That(options.IpSpreadIPv6Prefix, Is.EqualTo(64));
            Assert.That(options.ClockTolerance, Is.EqualTo(TimeSpan.FromSeconds(60)));
            Assert.That(options.CleanupInterval, Is.EqualTo(TimeSpan.FromMinutes(1)));
            Assert.That(options.CleanupBatchSize, Is.EqualTo(500));
            Assert.That(options.CleanupEnabled);
            Assert.That(options.ObserverQueueCapacity, Is.EqualTo(10_000));
            Assert.That(options.ObserverDrainTimeout, Is.EqualTo(TimeSpan.FromSeconds(5)));
            Assert.That(options.PrepareStoreAtStart);
        });
        Assert.That(FaultsOf(_ => { }), Is.Empty);
    }

    [TestCase("IdleTimeout", "00:00:00.9990000", "from 00:00:01 to 3650.00:00:00")]
    [TestCase("IdleTimeout", "3650.00:00:00.0010000", "from 00:00:01 to 3650.00:00:00")]
    [TestCase("AbsoluteTimeout", "-00:00:01", "from 00:00:01 to 3650.00:00:00")]
    [TestCase("AbsoluteTimeout", "3651.00:00:00", "from 00:00:01 to 3650.00:00:00")]
    [TestCase("PersistentIdleTimeout", "00:00:00", "from 00:00:01 to 3650.00:00:00")]
    [TestCase("PersistentAbsoluteTimeout", "4000.00:00:00", "from 00:00:01 to 3650.00:00:00")]
    [TestCase("MaxSessions", "0", "from 1 to 1000000")]
    [TestCase("MaxSessions", "1000001", "from 1 to 1000000")]
    [TestCase("LimitScope", "7", "one of User, UserAndApplication")]
    [TestCase("AtLimit", "-1", "one of Refuse, EndOldest, EndLeastRecentlyActive")]
    [TestCase("ActivityResolution", "-00:00:00.0010000", "from 00:00:00 to 00:30:00")]
    [TestCase("ActivityResolution", "00:30:00.0010000", "from 00:00:00 to 00:30:00")]
    [TestCase("ClockTolerance", "00:00:00.9990000", "from 00:00:01 to 00:05:00")]
    [TestCase("ClockTolerance", "00:05:00.0010000", "from 00:00:01 to 00:05:00")]
    [TestCase("CleanupInterval", "00:00:00", "from 00:00:01 to 1.00:00:00")]
    [TestCase("CleanupInterval", "1.00:00:01", "from 00:00:01 to 1.00:00:00")]
    [TestCase("CleanupBatchSize", "0", "from 1 to 10000")]
    [TestCase("CleanupBatchSize", "10001", "from 1 to 10000")]
    [TestCase("HistoryRetention", "-00:00:01", "from 00:00:00 to 3650.00:00:00")]
    [TestCase("HistoryRetention", "3650.00:00:01", "from 00:00:00 to 3650.00:00:00")]
    [TestCase("HistoryCapacity", "-1", "from 0 to 10000000")]
    [TestCase("HistoryCapacity", "10000001", "from 0 to 10000000")]
    [TestCase("IpSpreadThreshold", "1", "from 2 to 1000")]
    [TestCase("IpSpreadThreshold", "1001", "from 2 to 1000")]
    [TestCase("IpSpreadIPv6Prefix", "15", "from 16 to 128")]
    [TestCase("IpSpreadIPv6Prefix", "129", "from 16 to 128")]
    [TestCase("ObserverQueueCapacity", "0", "from 1 to 1000000")]
    [TestCase("ObserverQueueCapacity", "1000001", "from 1 to 1000000")]
    [TestCase("ObserverDrainTimeout", "-00:00:01", "from 00:00:00 to 00:05:00")]
    [TestCase("ObserverDrainTimeout", "00:05:00.0010000", "from 00:00:00 to 00:05:00")]
    [Description("Every setting out of range is named with its value and the range")]
    public void A_setting_out_of_range_is_named_with_its_value_and_the_range(string setting, string value, string range) =>
        Assert.That(FaultsOf(setting, value), Is.EqualTo(new[] { $"HanzoSessions: {setting} is {value}; it must be {range}." }));

    [TestCase("IdleTimeout", "00:00:01")]
    [TestCase("IdleTimeout", "3650.00:00:00")]
    [TestCase("AbsoluteTimeout", "00:00:01")]
    [TestCase("AbsoluteTimeout", "3650.00:00:00")]
    [TestCase("PersistentIdleTimeout", "3650.00:00:00")]
    [TestCase("PersistentAbsoluteTimeout", "00:00:01")]
    [TestCase("MaxSessions", "1")]
    [TestCase("MaxSessions", "1000000")]
    [TestCase("ActivityResolution", "00:00:00")]
    [TestCase("ActivityResolution", "00:30:00")]
    [TestCase("ClockTolerance", "00:00:01")]
    [TestCase("ClockTolerance", "00:05:00")]
    [TestCase("CleanupInterval", "00:00:01")]
    [TestCase("CleanupInterval", "1.00:00:00")]
    [TestCase("CleanupBatchSize", "1")]
    [TestCase("CleanupBatchSize", "10000")]
    [TestCase("HistoryRetention", "00:00:00")]
    [TestCase("HistoryRetention", "3650.00:00:00")]
    [TestCase("HistoryCapacity", "0")]
    [TestCase("HistoryCapacity", "10000000")]
    [TestCase("IpSpreadThreshold", "2")]
    [TestCase("IpSpreadThreshold", "1000")]
    [TestCase("IpSpreadIPv6Prefix", "16")]
    [TestCase("IpSpreadIPv6Prefix", "128")]
    [TestCase("ObserverQueueCapacity", "1")]
    [TestCase("ObserverQueueCapacity", "1000000")]
    [TestCase("ObserverDrainTimeout", "00:00:00")]
    [TestCase("ObserverDrainTimeout", "00:05:00")]
    [Description("The ends of a range belong to it")]
    public void The_ends_of_a_range_are_accepted(string setting, string value) =>
        Assert.That(FaultsOf(setting, value), Is.Empty);

    [TestCase("DefaultOrganization", "a/b")]
    [TestCase("DefaultApplication", "a/b")]
    [TestCase("DefaultApplication", "a\r\nb")]
    [Description("C7, I1 the default names keep the bounds of names")]
    public void A_default_name_out_of_bounds_is_named(string setting, string value)
    {
        var faults = FaultsOf(setting, value);
        var bad = value.Contains('/', StringComparison.Ordinal);

        Assert.That(faults, bad
            ? Is.EqualTo(new[] { $"HanzoSessions: {setting} is '{value}'; it must be 1 to 256 bytes of well-formed UTF-8 without NUL or '/'." })
            : Is.Empty);
    }

    [TestCase(null, "")]
    [TestCase("", "")]
    [TestCase("a\0b", "a\\u0000b")]
    [Description("C7, I1 a default name that is missing or unprintable is named in one line")]
    public void A_default_name_that_is_missing_or_unprintable_is_named(string? name, string shown) =>
        Assert.That(FaultsOf(options => (options.DefaultOrganization, options.DefaultApplication) = (name!, name!)), Is.EqualTo(new[]
        {
            $"HanzoSessions: DefaultOrganization is '{shown}'; it must be 1 to 256 bytes of well-formed UTF-8 without NUL or '/'.",
            $"HanzoSessions: DefaultApplication is '{shown}'; it must be 1 to 256 bytes of well-formed UTF-8 without NUL or '/'.",
        }));

    [Test, Description("V3 the resolution may be half of the shorter idle timeout")]
    public void The_resolution_is_bound_by_a_shorter_persistent_idle_timeout() =>
        Assert.That(
            FaultsOf(options => (options.PersistentIdleTimeout, options.ActivityResolution) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(6))),
            Is.EqualTo(new[] { "HanzoSessions: ActivityResolution is 00:00:06; it must be from 00:00:00 to 00:00:05." }));

    [Test, Description("All faults at once, when the host starts")]
    public async Task A_host_with_wrong_settings_does_not_start_and_names_all_of_them()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddHanzoSessions(options => (options.IdleTimeout, options.MaxSessions, options.AtLimit) =
            (TimeSpan.Zero, -3, (SessionLimitAction)9));
        using var host = builder.Build();

        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.That(refusal!.Failures, Is.EqualTo(new[]
        {
            "HanzoSessions: IdleTimeout is 00:00:00; it must be from 00:00:01 to 3650.00:00:00.",
            "HanzoSessions: MaxSessions is -3; it must be from 1 to 1000000.",
            "HanzoSessions: AtLimit is 9; it must be one of Refuse, EndOldest, EndLeastRecentlyActive.",
        }));
    }

    [Test, Description("A manager made without a host checks its settings too")]
    public void A_manager_made_by_hand_refuses_wrong_settings() =>
        Assert.Throws<OptionsValidationException>(() => _ = new Harness(options => options.MaxSessions = 0));

    [Test, Description("From configuration: TimeSpan, number, names of an enum")]
    public void Settings_are_read_from_configuration_by_name()
    {
        var options = Bound(
            ("IdleTimeout", "00:15:00"),
            ("AbsoluteTimeout", "7.00:00:00"),
            ("PersistentIdleTimeout", "14.00:00:00"),
            ("PersistentAbsoluteTimeout", "30.00:00:00"),
            ("MaxSessions", "3"),
            ("LimitScope", "UserAndApplication"),
            ("AtLimit", "endleastrecentlyactive"),
            ("ActivityResolution", "00:00:05"),
            ("DefaultApplication", "portal"),
            ("CleanupEnabled", "false"),
            ("HistoryRetention", "00:00:00"));

        Assert.Multiple(() =>
        {
            Assert.That(options.IdleTimeout, Is.EqualTo(TimeSpan.FromMinutes(15)));
            Assert.That(options.AbsoluteTimeout, Is.EqualTo(TimeSpan.FromDays(7)));
            Assert.That(options.PersistentIdleTimeout, Is.EqualTo(TimeSpan.FromDays(14)));
            Assert.That(options.MaxSessions, Is.EqualTo(3));
            Assert.That(options.LimitScope, Is.EqualTo(SessionLimitScope.UserAndApplication));
            Assert.That(options.AtLimit, Is.EqualTo(SessionLimitAction.EndLeastRecentlyActive));
            Assert.That(options.ActivityResolution, Is.EqualTo(TimeSpan.FromSeconds(5)));
            Assert.That(options.DefaultApplication, Is.EqualTo("portal"));
            Assert.That(options.CleanupEnabled, Is.False);
            Assert.That(options.HistoryRetention, Is.EqualTo(TimeSpan.Zero));
        });
    }

    [TestCase("MaxSessions", "", null, Description = "C3 from configuration, empty text switches the limit off")]
    [TestCase("MaxSessions", null, null, Description = "C3 from JSON, null switches the limit off")]
    [TestCase("maxsessions", "", null, Description = "C3 keys of configuration have no case")]
    [TestCase("MaxSessions", "7", 7, Description = "C3 a limit")]
    [TestCase("IdleTimeout", "00:15:00", 10, Description = "C3 the default when nothing is said")]
    public void The_limit_is_switched_off_by_an_empty_setting(string setting, string? text, int? limit) =>
        Assert.That(Bound((setting, text)).MaxSessions, Is.EqualTo(limit));

    [Test, Description("C3 one empty setting switches the limit off, whatever stands beside it")]
    public void The_limit_is_switched_off_beside_other_settings()
    {
        var options = Bound(("IdleTimeout", "00:15:00"), ("MaxSessions", ""), ("HistoryCapacity", "7"));

        Assert.That((options.MaxSessions, options.IdleTimeout, options.HistoryCapacity), Is.EqualTo(((int?)null, TimeSpan.FromMinutes(15), 7)));
    }

    [TestCase("MaxSessions", "ten")]
    [TestCase("AtLimit", "explode")]
    [Description("What cannot be read is named")]
    public void Text_that_cannot_be_read_is_an_error_that_names_the_setting(string setting, string text) =>
        Assert.That(
            () => Bound((setting, text)),
            Throws.InvalidOperationException.With.Message.Contains(setting).And.Message.Contains(text));

    [Test, NonParallelizable, Description("From the environment: HanzoSessions__IdleTimeout")]
    public void Settings_are_read_from_the_environment()
    {
        Environment.SetEnvironmentVariable("HanzoSessions__IdleTimeout", "00:15:00");
        Environment.SetEnvironmentVariable("HanzoSessions__HistoryRetention", "24:00:00");
        try
        {
            var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
            using var services = new ServiceCollection()
                .AddHanzoSessions(configuration.GetSection("HanzoSessions")).Services.BuildServiceProvider();

            Assert.That(
                () => services.GetRequiredService<IOptions<HanzoSessionsOptions>>().Value,
                Throws.TypeOf<OptionsValidationException>().With.Message.Contains("HistoryRetention is '24:00:00'"));
            Environment.SetEnvironmentVariable("HanzoSessions__HistoryRetention", null);
            configuration.Reload();
            Assert.That(services.GetRequiredService<IOptions<HanzoSessionsOptions>>().Value.IdleTimeout, Is.EqualTo(TimeSpan.FromMinutes(15)));
        }
        finally
        {
            Environment.SetEnvironmentVariable("HanzoSessions__IdleTimeout", null);
            Environment.SetEnvironmentVariable("HanzoSessions__HistoryRetention", null);
        }
    }

    [TestCase("IdleTimeout", "30", "would be days: write 30.00:00:00 for days, 00:30:00 for minutes, or 00:00:30 for seconds")]
    [TestCase("AbsoluteTimeout", "24:00:00", "but hours go from 0 to 23: write 1.00:00:00 for hours, or 24.00:00:00 for days")]
    [TestCase("PersistentIdleTimeout", "48:00:00", "but hours go from 0 to 23: write 2.00:00:00 for hours, or 48.00:00:00 for days")]
    [TestCase("PersistentAbsoluteTimeout", "720:00:00", "but hours go from 0 to 23: write 30.00:00:00 for hours, or 720.00:00:00 for days")]
    [TestCase("HistoryRetention", "90", "would be days: write 90.00:00:00 for days, 01:30:00 for minutes, or 00:01:30 for seconds")]
    [TestCase("HistoryRetention", "0", "would be days: write 00:00:00 for days, 00:00:00 for minutes, or 00:00:00 for seconds")]
    [TestCase("CleanupInterval", "1", "would be days: write 1.00:00:00 for days, 00:01:00 for minutes, or 00:00:01 for seconds")]
    [TestCase("ObserverDrainTimeout", " 5 ", "would be days: write 5.00:00:00 for days, 00:05:00 for minutes, or 00:00:05 for seconds")]
    [TestCase("ActivityResolution", "24:30", "but hours go from 0 to 23: write 1.00:30:00 for hours")]
    [TestCase("idletimeout", "24:30:15.5", "but hours go from 0 to 23: write 1.00:30:15.5000000 for hours")]
    [TestCase("IdleTimeout", "a while", "is no time span: write hours:minutes:seconds, such as 00:30:00, with days before a point, such as 1.00:00:00")]
    [TestCase("IdleTimeout", "00:90:00", "is no time span: write hours:minutes:seconds, such as 00:30:00, with days before a point, such as 1.00:00:00")]
    [Description("V2 a time span that .NET would read as days is refused, with the setting, the text and what to write")]
    public void A_time_span_of_configuration_that_would_be_days_is_refused(string setting, string text, string reason)
    {
        var refusal = Assert.Throws<OptionsValidationException>(() => Bound((setting, text)));

        var name = typeof(HanzoSessionsOptions).GetProperties().Single(it => string.Equals(it.Name, setting, StringComparison.OrdinalIgnoreCase)).Name;
        Assert.That(refusal!.Failures.Single(), Does.StartWith($"HanzoSessions: {name} is '{text}', ").And.EndsWith($"{reason}."));
    }

    [TestCase("23:59:59.999")]
    [TestCase("24.00:00:00")]
    [TestCase("24:00:00:00")]
    [TestCase("1.00:00")]
    [TestCase("00:30")]
    [Description("V2 what says its days is read as it stands")]
    public void A_time_span_of_configuration_that_says_its_days_is_read(string text) =>
        Assert.That(Bound(("HistoryRetention", text)).HistoryRetention, Is.EqualTo(TimeSpan.Parse(text, System.Globalization.CultureInfo.InvariantCulture)));

    [Test, Description("V2 every time span of the options is checked, and all at once")]
    public void Every_time_span_of_the_options_is_checked()
    {
        var names = typeof(HanzoSessionsOptions).GetProperties()
            .Where(it => it.PropertyType == typeof(TimeSpan) || it.PropertyType == typeof(TimeSpan?)).Select(it => it.Name).ToArray();

        var refusal = Assert.Throws<OptionsValidationException>(() => Bound([.. names.Select(name => (name, (string?)"24:00:00"))]));

        Assert.That(names, Has.Length.GreaterThanOrEqualTo(8));
        Assert.That(
            refusal!.Failures,
            Is.EqualTo(names.Select(name => $"HanzoSessions: {name} is '24:00:00', but hours go from 0 to 23: write 1.00:00:00 for hours, or 24.00:00:00 for days.")));
    }

    [Test, Description("V2 in code, 24 hours are a time span like any other")]
    public void In_code_only_the_range_is_checked() =>
        Assert.That(FaultsOf(options => (options.IdleTimeout, options.AbsoluteTimeout) = (TimeSpan.FromDays(24), TimeSpan.FromDays(30))), Is.Empty);

    [TestCase("01:00:00", "00:59:59", null, null, "IdleTimeout is 01:00:00; it must not be longer than AbsoluteTimeout, which is 00:59:59.")]
    [TestCase("01:00:00", "1.00:00:00", "14.00:00:00", null, "PersistentIdleTimeout is 14.00:00:00; it must not be longer than AbsoluteTimeout, which is 1.00:00:00. A persistent sign-in has both.")]
    [TestCase("01:00:00", "1.00:00:00", null, "00:30:00", "IdleTimeout is 01:00:00; it must not be longer than PersistentAbsoluteTimeout, which is 00:30:00. A persistent sign-in has both.")]
    [TestCase("01:00:00", "1.00:00:00", "3.00:00:00", "2.00:00:00", "PersistentIdleTimeout is 3.00:00:00; it must not be longer than PersistentAbsoluteTimeout, which is 2.00:00:00. A persistent sign-in has both.")]
    [TestCase("01:00:00", "01:00:00", "3.00:00:00", "3.00:00:00", null)]
    [TestCase("01:00:00", "1.00:00:00", null, "30.00:00:00", null)]
    [Description("V2 an idle timeout that could never be reached is refused")]
    public void An_idle_timeout_above_its_absolute_one_is_refused(
        string idle, string absolute, string? persistentIdle, string? persistentAbsolute, string? fault) =>
        Assert.That(
            FaultsOf(options =>
            {
                (options.IdleTimeout, options.AbsoluteTimeout) = (Span(idle), Span(absolute));
                options.PersistentIdleTimeout = persistentIdle is null ? null : Span(persistentIdle);
                options.PersistentAbsoluteTimeout = persistentAbsolute is null ? null : Span(persistentAbsolute);
            }),
            Is.EqualTo(fault is null ? [] : new[] { $"HanzoSessions: {fault}" }));

    private static TimeSpan Span(string text) => TimeSpan.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<string> FaultsOf(string setting, string value) => FaultsOf(options =>
    {
        if (setting.EndsWith("AbsoluteTimeout", StringComparison.Ordinal))
        {
            options.IdleTimeout = TimeSpan.FromSeconds(1);
        }
        else if (setting.EndsWith("IdleTimeout", StringComparison.Ordinal))
        {
            options.AbsoluteTimeout = TimeSpan.FromDays(3650);
        }

        var property = typeof(HanzoSessionsOptions).GetProperty(setting)!;
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        property.SetValue(options, System.ComponentModel.TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value));
    });

    private static IEnumerable<string> FaultsOf(Action<HanzoSessionsOptions> configure)
    {
        var options = new HanzoSessionsOptions();
        configure(options);
        return new HanzoSessionsOptionsValidator().Validate(null, options).Failures ?? [];
    }

    private static HanzoSessionsOptions Bound(params (string Name, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(it => KeyValuePair.Create($"HanzoSessions:{it.Name}", it.Value))).Build();
        using var services = new ServiceCollection()
            .AddHanzoSessions(configuration.GetSection("HanzoSessions")).Services.BuildServiceProvider();
        return services.GetRequiredService<IOptions<HanzoSessionsOptions>>().Value;
    }
}
