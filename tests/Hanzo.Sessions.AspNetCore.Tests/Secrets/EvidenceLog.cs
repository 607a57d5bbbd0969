using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore.Tests.Secrets;

/// <summary>Every line of every category at every level, with its values, its scopes and its exception.</summary>
internal sealed class EvidenceLog(Evidence evidence) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(evidence, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(Evidence evidence, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            evidence.Add("log", $"{category} {Values(state)}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            evidence.Add("log", $"{logLevel} {category} {eventId.Id} {formatter(state, exception)} {Values(state)} {exception}");

        private static string Values<TState>(TState state) =>
            state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join('|', pairs) : $"{state}";
    }
}
