using System.Globalization;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.Sqlite;

internal sealed class SqliteSessionStoreOptionsValidator : IValidateOptions<SqliteSessionStoreOptions>
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, SqliteSessionStoreOptions options) =>
        options.BusyTimeout >= ShortestWait && options.BusyTimeout <= LongestWait
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(string.Create(
                CultureInfo.InvariantCulture,
                $"HanzoSessions SQLite store: BusyTimeout is {options.BusyTimeout}; it must be from {ShortestWait} to {LongestWait}.{Days(options.BusyTimeout)}"));

    // Where it comes from configuration, .NET has read 30 and 24:00:00 as days.
    private static string Days(TimeSpan value) =>
        value >= TimeSpan.FromDays(1) ? " In configuration, a number alone and more than 23 hours are days: write 00:00:30 for 30 seconds." : string.Empty;

    /// <summary>Refuses settings that no host has checked.</summary>
    public static void Check(SqliteSessionStoreOptions options)
    {
        var result = new SqliteSessionStoreOptionsValidator().Validate(name: null, options);
        if (result.Failed)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(SqliteSessionStoreOptions), result.Failures);
        }
    }
}
