using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.Postgres;

/// <summary>The log messages of this package. Event ids never change.</summary>
internal static partial class Log
{
    [LoggerMessage(201, LogLevel.Warning, "The host has registered {Clock} as its TimeProvider. It replaces the clock of PostgreSQL too, so the two are not compared.")]
    public static partial void ClockReplaced(ILogger logger, Type clock);
}
