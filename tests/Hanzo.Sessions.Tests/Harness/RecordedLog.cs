using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.Tests;

/// <summary>Keeps every log line at every level, its values and its exception written out.</summary>
internal sealed class RecordedLog : ILoggerProvider
{
    public ConcurrentQueue<LogLine> Lines { get; } = [];

    public IEnumerable<string> Texts => Lines.Select(line => line.Text);

    public ILogger CreateLogger(string categoryName) => new RecordedLogger<object>(this);

    public void Dispose()
    {
    }
}

/// <summary>A line, and in Everything also each named value and the exception.</summary>
internal sealed record LogLine(EventId Id, LogLevel Level, string Text, string Everything);

internal sealed class RecordedLogger<T>(RecordedLog log) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception);
        var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join('|', pairs) : string.Empty;
        log.Lines.Enqueue(new LogLine(eventId, logLevel, text, $"{text}|{values}|{exception}"));
    }
}
