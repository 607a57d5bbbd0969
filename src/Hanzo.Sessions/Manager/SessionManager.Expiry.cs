namespace Hanzo.Sessions;

public sealed partial class SessionManager
{
    /// <summary>
    /// Ends timed-out sessions and purges old history, in batches, until nothing is left to do. The background service
    /// calls it; call it yourself where there is no host. It is safe on many servers at once.
    /// </summary>
    /// <param name="cancellationToken">Stops it between two batches.</param>
    /// <exception cref="SessionClockException">The clocks of this server and of the store differ too much to end or purge anything.</exception>
    public async Task<SessionCleanupResult> CleanUpAsync(CancellationToken cancellationToken = default)
    {
        using var span = SessionTelemetry.Start("hanzo.sessions.clean_up");
        var started = _clock.GetTimestamp();
        var batch = _options.CleanupBatchSize;
        var (ended, purged) = (0, 0);
        IReadOnlyList<EndedSession> expired;
        do
        {
            expired = await StepAsync(now => _store.ExpireBatchAsync(now, batch, cancellationToken)).ConfigureAwait(false);
            _announcer.Ended(expired);
            _metrics.CleanupRemoved.Add(expired.Count, SessionTelemetry.Tag(SessionTelemetry.Action, "ended"));
            ended += expired.Count;
        }
        while (expired.Count == batch);

        int removed;
        do
        {
            removed = await StepAsync(now => _store.PurgeAsync(now.At - _options.HistoryRetention, now, batch, cancellationToken))
                .ConfigureAwait(false);
            _metrics.CleanupRemoved.Add(removed, SessionTelemetry.Tag(SessionTelemetry.Action, "purged"));
            purged += removed;
        }
        while (removed == batch);

        _metrics.CleanupDuration.Record(_clock.GetElapsedTime(started).TotalSeconds);
        Log.CleanedUp(_logger, ended, purged);
        return new SessionCleanupResult(ended, purged);
    }

    /// <summary>Warns if this server's clock is behind what the store has been given, in a store without a clock of its own.</summary>
    internal async Task CheckClockAsync(CancellationToken cancellationToken)
    {
        var state = await _store.InspectAsync(cancellationToken).ConfigureAwait(false);
        if (state.NewestInstant is { } newest && Now() is var now && newest > now + _options.ClockTolerance)
        {
            Log.ClockBehind(_logger, now.UtcDateTime, newest.UtcDateTime);
        }
    }

    /// <summary>Counts the active sessions for the metric, while a listener is there.</summary>
    internal async Task SampleActiveAsync(CancellationToken cancellationToken)
    {
        if (_metrics.Active.Enabled)
        {
            var all = SessionQuery.Of(SessionScope.AllOrganizations).Resolve(SessionView.Sessions);
            _metrics.Active.Record(await _store.CountAsync(all, Now(), long.MaxValue, cancellationToken).ConfigureAwait(false));
        }
    }
}
