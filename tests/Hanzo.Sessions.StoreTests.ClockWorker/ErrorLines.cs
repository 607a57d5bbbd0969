using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.StoreTests.ClockWorker;

/// <summary>Keeps the error lines of a log.</summary>
internal sealed class ErrorLines(List<string> lines) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            lines.Add(formatter(state, exception));
        }
    }

    public void Dispose()
    {
    }
}
