using System.Diagnostics;

namespace Hanzo.Sessions;

/// <summary>
/// A store whose calls are timed and whose failures are counted, in metrics and in the manager's span, while anybody
/// listens. Otherwise a call costs one look at whether somebody does, and allocates nothing.
/// </summary>
internal sealed class MeasuredStore(ISessionStore inner, SessionMetrics metrics, TimeProvider clock) : ISessionStore
{
    private bool IsObserved =>
        metrics.StoreDuration.Enabled || metrics.StoreErrors.Enabled || SessionTelemetry.Source.HasListeners();

    public Task PrepareAsync(CancellationToken cancellationToken = default) => inner.PrepareAsync(cancellationToken);

    public Task<SessionStoreState> InspectAsync(CancellationToken cancellationToken = default) => inner.InspectAsync(cancellationToken);

    public Task<SessionCreationResult> CreateAsync(
        SessionCreation creation, CancellationToken cancellationToken = default) =>
        IsObserved
            ? MeasureAsync("create", (inner, creation, cancellationToken), static it => it.inner.CreateAsync(it.creation, it.cancellationToken), cancellationToken)
            : inner.CreateAsync(creation, cancellationToken);

    public ValueTask<Session?> FindByTokenAsync(
        SessionTokenHash tokenHash, CancellationToken cancellationToken = default) =>
        IsObserved
            ? new(MeasureAsync("find_by_token", (inner, tokenHash, cancellationToken), static it => it.inner.FindByTokenAsync(it.tokenHash, it.cancellationToken).AsTask(), cancellationToken))
            : inner.FindByTokenAsync(tokenHash, cancellationToken);

    public ValueTask<Session?> FindAsync(
        SessionId id, CancellationToken cancellationToken = default) =>
        IsObserved
            ? new(MeasureAsync("find", (inner, id, cancellationToken), static it => it.inner.FindAsync(it.id, it.cancellationToken).AsTask(), cancellationToken))
            : inner.FindAsync(id, cancellationToken);

    public Task<Session?> RotateAsync(
        SessionRotation rotation, CancellationToken cancellationToken = default) =>
        IsObserved
            ? MeasureAsync("rotate", (inner, rotation, cancellationToken), static it => it.inner.RotateAsync(it.rotation, it.cancellationToken), cancellationToken)
            : inner.RotateAsync(rotation, cancellationToken);

    public Task<SessionTermination> TerminateAsync(
        SessionFilter filter, SessionEnd end, SessionId? current = null, CancellationToken cancellationToken = default) =>
        IsObserved
            ? MeasureAsync("terminate", (inner, filter, end, current, cancellationToken), static it => it.inner.TerminateAsync(it.filter, it.end, it.current, it.cancellationToken), cancellationToken)
            : inner.TerminateAsync(filter, end, current, cancellationToken);

    public Task<EndedSession?> ExpireAsync(
        SessionId id, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        IsObserved
            ? MeasureAsync("expire", (inner, id, now, cancellationToken), static it => it.inner.ExpireAsync(it.id, it.now, it.cancellationToken), cancellationToken)
            : inner.ExpireAsync(id, now, cancellationToken);

    public Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        DateTimeOffset now, int maximum, CancellationToken cancellationToken = default) =>
        IsObserved
            ? MeasureAsync("expire_batch", (inner, now, maximum, cancellationToken), static it => it.inner.ExpireBatchAsync(it.now, it.maximum, it.cancellationToken), cancellationToken)
            : inner.ExpireBatchAsync(now, maximum, cancellationToken);

    public Task<int> PurgeAsync(
        DateTimeOffset endedBy, DateTimeOffset now, int maximum, CancellationToken cancellationToken = default) =>
        IsObserved
            ? MeasureAsync("purge", (inner, endedBy, now, maximum, cancellationToken), static it => it.inner.PurgeAsync(it.endedBy, it.now, it.maximum, it.cancellationToken), cancellationToken)
            : inner.PurgeAsync(endedBy, now, maximum, cancellationToken);

    public Task<IReadOnlyList<Session>> ListAsync(
        SessionQuery query, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        IsObserved
            ? MeasureAsync("list", (inner, query, now, cancellationToken), static it => it.inner.ListAsync(it.query, it.now, it.cancellationToken), cancellationToken)
            : inner.ListAsync(query, now, cancellationToken);

    public Task<IReadOnlyList<SessionRecord>> ListRecordsAsync(
        SessionQuery query, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        IsObserved
            ? MeasureAsync("list_records", (inner, query, now, cancellationToken), static it => it.inner.ListRecordsAsync(it.query, it.now, it.cancellationToken), cancellationToken)
            : inner.ListRecordsAsync(query, now, cancellationToken);

    public Task<long> CountAsync(
        SessionQuery query, DateTimeOffset now, long maximum, CancellationToken cancellationToken = default) =>
        IsObserved
            ? MeasureAsync("count", (inner, query, now, maximum, cancellationToken), static it => it.inner.CountAsync(it.query, it.now, it.maximum, it.cancellationToken), cancellationToken)
            : inner.CountAsync(query, now, maximum, cancellationToken);

    public Task<IReadOnlyList<IpSpread>> ListIpSpreadAsync(
        SessionScope scope, int threshold, int offset, int limit, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        IsObserved
            ? MeasureAsync("list_ip_spread", (inner, scope, threshold, offset, limit, now, cancellationToken), static it => it.inner.ListIpSpreadAsync(it.scope, it.threshold, it.offset, it.limit, it.now, it.cancellationToken), cancellationToken)
            : inner.ListIpSpreadAsync(scope, threshold, offset, limit, now, cancellationToken);

    public ValueTask<IReadOnlyList<bool>> TouchAsync(
        IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken = default)
    {
        metrics.ActivityWrites.Add(touches.Count);
        metrics.ActivityBatches.Add(1);
        return IsObserved
            ? new(MeasureAsync("touch", (inner, touches, cancellationToken), static it => it.inner.TouchAsync(it.touches, it.cancellationToken).AsTask(), cancellationToken))
            : inner.TouchAsync(touches, cancellationToken);
    }

    private async Task<T> MeasureAsync<TState, T>(
        string operation, TState state, Func<TState, Task<T>> call, CancellationToken cancellationToken)
    {
        var tag = SessionTelemetry.Tag(SessionTelemetry.Operation, operation);
        var span = Activity.Current is { } current && current.Source == SessionTelemetry.Source ? current : null;
        var started = clock.GetTimestamp();
        try
        {
            var answer = await call(state).ConfigureAwait(false);
            metrics.StoreDuration.Record(clock.GetElapsedTime(started).TotalSeconds, tag);
            return answer;
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            var error = SessionTelemetry.Tag(SessionTelemetry.ErrorType, fault.GetType().FullName);
            metrics.StoreDuration.Record(clock.GetElapsedTime(started).TotalSeconds, tag, error);
            metrics.StoreErrors.Add(1, tag, error);
            span?.SetStatus(ActivityStatusCode.Error).SetTag(error.Key, error.Value);
            throw;
        }
    }
}
