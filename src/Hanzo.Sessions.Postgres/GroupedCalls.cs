using System.Runtime.CompilerServices;

namespace Hanzo.Sessions.Postgres;

/// <summary>
/// Calls that share a statement when there are many at once, so that these are not as many statements. As many as
/// <paramref name="atOnce"/> go alone and at once. Those that come meanwhile wait until one of these has come back, and
/// then go together: a call's statement always begins after the call.
/// </summary>
/// <param name="atOnce">How many statements are on their way at once.</param>
/// <param name="together">The most calls that share one.</param>
/// <param name="one">Does one call.</param>
/// <param name="all">Does several calls, each of which gets the answer in its place, or all of them the fault.</param>
/// <param name="apart">Calls that are equal by this do not share a statement; null where any may.</param>
/// <param name="clock">What tells how long no statement has begun.</param>
internal sealed class GroupedCalls<TCall, TAnswer>(
    int atOnce,
    int together,
    Func<TCall, CancellationToken, ValueTask<TAnswer>> one,
    Func<IReadOnlyList<TCall>, Task<IReadOnlyList<TAnswer>>> all,
    TimeProvider clock,
    IEqualityComparer<TCall>? apart = null)
{
    /// <summary>When for so long no statement has begun, one more goes: a connection may be dead.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>But never more than so many at once, however long they take: others need connections too.</summary>
    public const int Most = 16;

    private readonly Lock _lock = new();
    private readonly List<Waiting> _waiting = [];
    private int _running;
    private long _lastStart;
    private bool _watched;

    /// <summary>Does a call.</summary>
    /// <param name="call">What to do.</param>
    /// <param name="cancellationToken">Ends the wait. What has been sent is done all the same.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TAnswer> RunAsync(TCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Enter(call) is { } waiting)
        {
            return await AnswerAsync(waiting, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return await one(call, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>What the call waits for; null if it may go alone.</summary>
    private Waiting? Enter(TCall call)
    {
        Waiting waiting;
        lock (_lock)
        {
            if (_running < atOnce)
            {
                _running++;
                _lastStart = clock.GetTimestamp();
                return null;
            }

            _waiting.Add(waiting = new Waiting(call));
            if (_watched)
            {
                return waiting;
            }

            _watched = true;
        }

        // As below: not in the context of whoever comes first.
        ThreadPool.UnsafeQueueUserWorkItem(static calls => _ = calls.WatchAsync(), this, preferLocal: false);
        return waiting;
    }

    private async Task<TAnswer> AnswerAsync(Waiting waiting, CancellationToken cancellationToken)
    {
        try
        {
            return await waiting.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            lock (_lock)
            {
                _waiting.Remove(waiting);
            }

            throw;
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0)
            {
                _running--;
                return;
            }

            StartNext();
        }
    }

    /// <summary>Sees to it that those who wait go, also when nobody comes back.</summary>
    private async Task WatchAsync()
    {
        while (true)
        {
            await Task.Delay(Patience, clock).ConfigureAwait(false);
            lock (_lock)
            {
                if (_waiting.Count == 0)
                {
                    _watched = false;
                    return;
                }

                if (_running < Most && clock.GetElapsedTime(_lastStart) >= Patience)
                {
                    _running++;
                    StartNext();
                }
            }
        }
    }

    private void StartNext()
    {
        _lastStart = clock.GetTimestamp();
        List<Waiting> group;
        if (apart is null)
        {
            group = _waiting.GetRange(0, Math.Min(together, _waiting.Count));
            _waiting.RemoveRange(0, group.Count);
        }
        else
        {
            group = [.. _waiting.DistinctBy(it => it.Call, apart).Take(together)];
            _waiting.RemoveAll(group.ToHashSet().Contains);
        }

        // Not in the context of whoever has come back: its trace is not that of the others.
        ThreadPool.UnsafeQueueUserWorkItem(static next => _ = next.Calls.RunAsync(next.Group), (Calls: this, Group: group), preferLocal: false);
    }

    private async Task RunAsync(List<Waiting> group)
    {
        IReadOnlyList<TAnswer> answers;
        try
        {
            answers = group.Count == 1
                ? [await one(group[0].Call, CancellationToken.None).ConfigureAwait(false)]
                : await all([.. group.Select(it => it.Call)]).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Every fault goes to the callers, untouched.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Leave();
            foreach (var waiting in group)
            {
                waiting.SetException(fault);
                _ = waiting.Task.Exception; // seen: who has given up does not look
            }

            return;
        }

        Leave();
        for (var i = 0; i < group.Count; i++)
        {
            group[i].SetResult(answers[i]);
        }
    }

    private sealed class Waiting(TCall call) : TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TCall Call { get; } = call;
    }
}
