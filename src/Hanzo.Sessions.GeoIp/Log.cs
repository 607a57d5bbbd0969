using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.GeoIp;

/// <summary>The log messages of the locator. Event ids never change.</summary>
internal static partial class Log
{
    [LoggerMessage(301, LogLevel.Information, "The location database {Path} was read: {DatabaseType} of {Built:yyyy-MM-dd}.")]
    public static partial void DatabaseRead(ILogger logger, string path, string databaseType, DateTime built);

    [LoggerMessage(302, LogLevel.Warning, "There is no location database {Path}: {Consequence}. A file that is put there is read within a minute.")]
    public static partial void NoDatabase(ILogger logger, string path, string consequence);

    [LoggerMessage(303, LogLevel.Warning, "The location database {Path} cannot be read: {Consequence}. Replace the file; the new one is read within a minute.")]
    public static partial void DatabaseNotRead(ILogger logger, string path, string consequence, Exception fault);

    [LoggerMessage(304, LogLevel.Warning, "The location database {Path} has a record that cannot be read as a city or a country, and shows no place for it. Further ones are not logged.")]
    public static partial void RecordNotRead(ILogger logger, string path, Exception fault);
}
