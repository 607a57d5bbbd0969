using System.ComponentModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions;

/// <summary>
/// Ends timed-out sessions and purges old history in the background. Its first run and its period are jittered, so that
/// servers do not clean up in step. It pauses while the clocks of this server and of the store differ by more than
/// <see cref="HanzoSessionsOptions.ClockTolerance"/>.
/// </summary>
public sealed class SessionCleanupService : BackgroundService
{
    private readonly SessionManager _sessions;
    private readonly HanzoSessionsOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<SessionCleanupService> _logger;
    private long _lastRun;
    private volatile bool _cleansUp;
    private bool _staysIdle;

    /// <summary>Creates the service of a host.</summary>
    /// <param name="sessions">The manager that cleans up.</param>
    /// <param name="options">The period, and whether this process cleans up at all.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">The log; null for none.</param>
    public SessionCleanupService(
        SessionManager sessions, IOptions<HanzoSessionsOptions> options, TimeProvider clock, ILogger<SessionCleanupService>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        _sessions = sessions;
        _options = options.Value;
        _clock = clock;
        _logger = logger ?? NullLogger<SessionCleanupService>.Instance;
    }

    /// <summary>
    /// How long ago clean-up last completed in this process, or the service started if it has not completed yet; null if
    /// it does not run here. If this is much longer than <see cref="HanzoSessionsOptions.CleanupInterval"/>, clean-up fails
    /// or cannot keep up.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public TimeSpan? SinceLastRun => _cleansUp ? _clock.GetElapsedTime(Volatile.Read(ref _lastRun)) : null;

    /// <summary>Keeps the service from cleaning up when it starts.</summary>
    internal void StayIdle() => _staysIdle = true;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_options.CleanupEnabled || _staysIdle)
        {
            return;
        }

        var wait = _options.CleanupInterval * Random.Shared.NextDouble();
        Volatile.Write(ref _lastRun, _clock.GetTimestamp());
        _cleansUp = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(wait, _clock, stoppingToken).ConfigureAwait(false);
            await CleanUpAsync(stoppingToken).ConfigureAwait(false);
            wait = _options.CleanupInterval * (0.9 + (0.2 * Random.Shared.NextDouble()));
        }
    }

    private async Task CleanUpAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _sessions.CleanUpAsync(stoppingToken).ConfigureAwait(false);
            Volatile.Write(ref _lastRun, _clock.GetTimestamp());
            await _sessions.SampleActiveAsync(stoppingToken).ConfigureAwait(false);
            await _sessions.CheckClockAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (SessionClockException)
        {
            // The manager has logged it, and the next run compares again.
        }
#pragma warning disable CA1031 // The store may work again at the next run.
        catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.CleanupFailed(_logger, fault);
        }
    }
}
