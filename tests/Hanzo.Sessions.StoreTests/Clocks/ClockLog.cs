using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.StoreTests.Clocks;

/// <summary>The lines of a log that are worth a look: warnings and errors.</summary>
internal sealed class ClockLog : ILogger<SessionManager>, ILoggerProvider
{
    public ConcurrentQueue<(int Id, LogLevel Level, string Text)> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Lines.Enqueue((eventId.Id, logLevel, formatter(state, exception)));
        }
    }
}
