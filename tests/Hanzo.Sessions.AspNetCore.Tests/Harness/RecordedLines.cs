using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>Keeps every log line: its event id, its level, its text and its exception.</summary>
internal sealed class RecordedLines : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _all = [];

    public IReadOnlyCollection<string> All => _all;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _all.Enqueue($"{eventId.Id} {logLevel} {formatter(state, exception)}{exception}");

    public void Dispose()
    {
    }
}
