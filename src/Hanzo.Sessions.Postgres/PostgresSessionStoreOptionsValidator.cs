using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.Postgres;

internal sealed class PostgresSessionStoreOptionsValidator : IValidateOptions<PostgresSessionStoreOptions>
{
    private static readonly SearchValues<char> SchemaCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    public ValidateOptionsResult Validate(string? name, PostgresSessionStoreOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(faults.Select(fault => $"HanzoSessions PostgreSQL store: {fault}"));
    }

    /// <summary>Refuses settings that no host has checked.</summary>
    public static void Check(PostgresSessionStoreOptions options)
    {
        var faults = Faults(options).ToList();
        if (faults.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(PostgresSessionStoreOptions), faults);
        }
    }

    private static IEnumerable<string> Faults(PostgresSessionStoreOptions options)
    {
        if (!IsSchemaName(options.Schema))
        {
            yield return $"Schema is '{options.Schema}'; it must be 1 to 63 lowercase letters, digits and underscores, not beginning with a digit or pg_.";
        }

        if (!IsWithin(options.LockTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(2)))
        {
            yield return Range(nameof(options.LockTimeout), options.LockTimeout, "00:00:00.0100000 to 00:02:00");
        }

        if (!IsWithin(options.StatementTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)))
        {
            yield return Range(nameof(options.StatementTimeout), options.StatementTimeout, "00:00:00.1000000 to 01:00:00");
        }

        if (!IsWithin(options.StartTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(10)))
        {
            yield return Range(nameof(options.StartTimeout), options.StartTimeout, "00:00:00 to 00:10:00");
        }

        if (options.Retries is < 0 or > 10)
        {
            yield return Range(nameof(options.Retries), options.Retries, "0 to 10");
        }
    }

    private static bool IsSchemaName(string? name) =>
        name is { Length: > 0 and <= 63 }
        && !name.AsSpan().ContainsAnyExcept(SchemaCharacters)
        && !char.IsAsciiDigit(name[0])
        && !name.StartsWith("pg_", StringComparison.Ordinal);

    private static bool IsWithin(TimeSpan value, TimeSpan minimum, TimeSpan maximum) => value >= minimum && value <= maximum;

    private static string Range(string setting, object value, string range) =>
        string.Create(CultureInfo.InvariantCulture, $"{setting} is {value}; it must be from {range}.{Days(value)}");

    // Where it comes from configuration, .NET has read 30 and 24:00:00 as days.
    private static string Days(object value) => value is TimeSpan span && span >= TimeSpan.FromDays(1)
        ? " In configuration, a number alone and more than 23 hours are days: write 00:00:30 for 30 seconds."
        : string.Empty;
}
