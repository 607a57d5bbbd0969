using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.Postgres;

/// <summary>The log messages of the PostgreSQL store. Event ids never change.</summary>
internal static partial class Log
{
    [LoggerMessage(201, LogLevel.Warning, "The PostgreSQL server of the session store cannot be used yet. The start waits for it, for up to {Patience}.")]
    public static partial void ServerAwaited(ILogger logger, TimeSpan patience, Exception fault);

    [LoggerMessage(202, LogLevel.Information, "A pooler stands between the session store and its PostgreSQL server: the store prepares no statements.")]
    public static partial void PoolerFound(ILogger logger);

    [LoggerMessage(203, LogLevel.Warning, "The host has registered {Clock} as its TimeProvider. It replaces the clock of PostgreSQL too, so the two are not compared.")]
    public static partial void ClockReplaced(ILogger logger, Type clock);

    [LoggerMessage(204, LogLevel.Information, "The schema {Schema} of the session store has got step {Step}.")]
    public static partial void StepAdded(ILogger logger, SchemaStep step, string schema);

    [LoggerMessage(205, LogLevel.Warning, "Step {Step} of the schema {Schema} waits for other transactions that hold a table. It is tried again, for up to {Patience}.")]
    public static partial void StepWaits(ILogger logger, SchemaStep step, string schema, TimeSpan patience);
}
