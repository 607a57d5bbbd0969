using System.Diagnostics;

namespace Hanzo.Sessions;

/// <summary>
/// Times every call of a store and counts its failures, in metrics and in the manager's span, while a listener is there.
/// Without one, a call costs one look and allocates nothing. A failure counts if it comes with the task of the call. A refusal because
/// of the clocks is an answer.
/// </summary>
internal sealed class MeasuredStore(ISessionStore inner, SessionMetrics metrics, TimeProvider clock) : ISessionStore
{
    public Task PrepareAsync(CancellationToken cancellationToken = default) => inner.PrepareAsync(cancellationToken);

    public Task<SessionStoreState> InspectAsync(CancellationToken cancellationToken = default) => inner.InspectAsync(cancellationToken);

    public Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default) =>
        MeasureAsync("create", Start(), inner.CreateAsync(creation, cancellationToken), cancellationToken);

    public ValueTask<FoundSession> FindByTokenAsync(SessionTokenHash tokenHash, CancellationToken cancellationToken = default) =>
        MeasureAsync("find_by_token", Start(), inner.FindByTokenAsync(tokenHash, cancellationToken), cancellationToken);

    public ValueTask<FoundSession> FindAsync(SessionId id, CancellationToken cancellationToken = default) =>
        MeasureAsync("find", Start(), inner.FindAsync(id, cancellationToken), cancellationToken);

    public ValueTask<SessionTouchResult> TouchAsync(SessionTouch touch, CancellationToken cancellationToken = default)
    {
        metrics.ActivityWrites.Add(1);
        return MeasureAsync("touch", Start(), inner.TouchAsync(touch, cancellationToken), cancellationToken);
    }

    public Task<SessionMoveResult> MoveAsync(SessionMove move, CancellationToken cancellationToken = default)
    {
        metrics.ActivityWrites.Add(move.ActiveUntil is null ? 0 : 1);
        return MeasureAsync("move", Start(), inner.MoveAsync(move, cancellationToken), cancellationToken);
    }

    public Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default) =>
        MeasureAsync("rotate", Start(), inner.RotateAsync(rotation, cancellationToken), cancellationToken);

    public Task<bool> ReplacePayloadAsync(SessionPayloadChange change, CancellationToken cancellationToken = default) =>
        MeasureAsync("replace_payload", Start(), inner.ReplacePayloadAsync(change, cancellationToken), cancellationToken);

    public Task<SessionTerminationResult> TerminateAsync(SessionTermination termination, CancellationToken cancellationToken = default) =>
        MeasureAsync("terminate", Start(), inner.TerminateAsync(termination, cancellationToken), cancellationToken);

    public Task<EndedSession?> ExpireAsync(SessionId id, StoreInstant now, CancellationToken cancellationToken = default) =>
        MeasureAsync("expire", Start(), inner.ExpireAsync(id, now, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
        MeasureAsync("expire_batch", Start(), inner.ExpireBatchAsync(now, maximum, cancellationToken), cancellationToken);

    public Task<int> PurgeAsync(DateTimeOffset endedBy, StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
        MeasureAsync("purge", Start(), inner.PurgeAsync(endedBy, now, maximum, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<EndedSession>> ForgetAsync(SessionForgetting forgetting, CancellationToken cancellationToken = default) =>
        MeasureAsync("forget", Start(), inner.ForgetAsync(forgetting, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<Session>> ListAsync(SessionListing listing, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        MeasureAsync("list", Start(), inner.ListAsync(listing, now, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<SessionRecord>> ListRecordsAsync(SessionListing listing, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        MeasureAsync("list_records", Start(), inner.ListRecordsAsync(listing, now, cancellationToken), cancellationToken);

    public Task<long> CountAsync(SessionListing listing, DateTimeOffset now, long maximum, CancellationToken cancellationToken = default) =>
        MeasureAsync("count", Start(), inner.CountAsync(listing, now, maximum, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<IpSpread>> ListIpSpreadAsync(
        SessionScope scope, int threshold, int limit, int offset, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        MeasureAsync("list_ip_spread", Start(), inner.ListIpSpreadAsync(scope, threshold, limit, offset, now, cancellationToken), cancellationToken);

    /// <summary>When a call begins; null without a listener.</summary>
    private long? Start() =>
        metrics.StoreDuration.Enabled || metrics.StoreErrors.Enabled || SessionTelemetry.Source.HasListeners()
            ? clock.GetTimestamp()
            : null;

    private Task<T> MeasureAsync<T>(string operation, long? started, Task<T> call, CancellationToken cancellationToken) =>
        started is { } start ? RecordAsync(operation, start, call, cancellationToken) : call;

    private ValueTask<T> MeasureAsync<T>(string operation, long? started, ValueTask<T> call, CancellationToken cancellationToken) =>
        started is { } start ? new(RecordAsync(operation, start, call.AsTask(), cancellationToken)) : call;

    private async Task<T> RecordAsync<T>(string operation, long started, Task<T> call, CancellationToken cancellationToken)
    {
        var tag = SessionTelemetry.Tag(SessionTelemetry.Operation, operation);
        var span = Activity.Current is { } current && current.Source == SessionTelemetry.Source ? current : null;
        try
        {
            var answer = await call.ConfigureAwait(false);
            metrics.StoreDuration.Record(clock.GetElapsedTime(started).TotalSeconds, tag);
            return answer;
        }
        catch (SessionClockException)
        {
            metrics.StoreDuration.Record(clock.GetElapsedTime(started).TotalSeconds, tag);
            throw;
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
