namespace Hanzo.Sessions;

public sealed partial class SessionManager
{
    /// <summary>
    /// Ends timed-out sessions and purges old history, in batches, until nothing is left to do. The background service
    /// calls it; call it yourself where there is no host. It is safe on many servers at once.
    /// </summary>
    /// <param name="cancellationToken">Stops it between two batches.</param>
    public async Task<SessionCleanupResult> CleanUpAsync(CancellationToken cancellationToken = default)
    {
        using var span = SessionTelemetry.Start("hanzo.sessions.clean_up");
        var started = _clock.GetTimestamp();
        var now = Now();
        var batch = _options.CleanupBatchSize;
        var (ended, purged) = (0, 0);
        IReadOnlyList<EndedSession> expired;
        do
        {
            expired = await _store.ExpireBatchAsync(now, batch, cancellationToken).ConfigureAwait(false);
            _announcer.Ended(expired);
            _metrics.CleanupRemoved.Add(expired.Count, SessionTelemetry.Tag(SessionTelemetry.Action, "ended"));
            ended += expired.Count;
        }
        while (expired.Count == batch);

        int removed;
        do
        {
            removed = await _store.PurgeAsync(now - _options.HistoryRetention, now, batch, cancellationToken)
                .ConfigureAwait(false);
            _metrics.CleanupRemoved.Add(removed, SessionTelemetry.Tag(SessionTelemetry.Action, "purged"));
            purged += removed;
        }
        while (removed == batch);

        _metrics.CleanupDuration.Record(_clock.GetElapsedTime(started).TotalSeconds);
        Log.CleanedUp(_logger, ended, purged);
        return new SessionCleanupResult(ended, purged);
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
