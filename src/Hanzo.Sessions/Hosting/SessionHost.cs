using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions;

/// <summary>
/// Prepares the store before all other services start, and drains the observers after all others have stopped. If a tool
/// has loaded the app only to describe it, the store and the clean-up stay untouched.
/// </summary>
internal sealed class SessionHost(
    ISessionStore store,
    SessionManager sessions,
    SessionCleanupService cleanup,
    IOptions<HanzoSessionsOptions> options,
    IEnumerable<BoundSection> sections,
    IServiceProvider services,
    ILogger<SessionHost>? logger = null) : IHostedLifecycleService
{
    private readonly ILogger _logger = logger ?? NullLogger<SessionHost>.Instance;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (LoadingTool.NameOf(services) is { } tool)
        {
            Log.LoadedByTool(_logger, tool);
            cleanup.StayIdle();
            return Task.CompletedTask;
        }

        TellSettings();
        return options.Value.PrepareStoreAtStart ? store.PrepareAsync(cancellationToken) : Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => sessions.StopAsync(cancellationToken);

    private void TellSettings()
    {
        var settings = options.Value;
        var policy = settings.ToPolicy();
        Log.PolicyInForce(
            _logger,
            policy.Idle(persistent: false),
            policy.Absolute(persistent: false),
            policy.Idle(persistent: true),
            policy.Absolute(persistent: true),
            policy.MaxSessions?.ToString(CultureInfo.InvariantCulture) ?? "any number of",
            policy.LimitScope,
            policy.AtLimit,
            settings.HistoryRetention,
            store.GetType().Name);
        if (sections.SelectMany(section => section.UnknownKeys()).Distinct(StringComparer.OrdinalIgnoreCase).ToList() is { Count: > 0 } unknown)
        {
            Log.UnknownSettings(_logger, string.Join(", ", unknown.Select(Printable.Escape)));
        }
    }
}
