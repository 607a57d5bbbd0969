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
                $"HanzoSessions SQLite store: BusyTimeout is {options.BusyTimeout}; it must be from {ShortestWait} to {LongestWait}."));

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
