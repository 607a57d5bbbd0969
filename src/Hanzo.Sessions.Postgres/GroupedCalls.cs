using System.Runtime.CompilerServices;

namespace Hanzo.Sessions.Postgres;

/// <summary>
/// Lets concurrent calls share statements, so that load does not multiply them. Up to <paramref name="atOnce"/> calls run
/// concurrently, each with its own statement. Further calls wait until a statement returns, and then share the next one:
/// a call's statement always begins after the call.
/// </summary>
/// <param name="atOnce">How many statements run concurrently.</param>
/// <param name="together">The most calls that share a statement.</param>
/// <param name="one">Runs one call.</param>
/// <param name="all">Runs several calls. Each gets the answer at its index, or all of them get the fault.</param>
/// <param name="clock">Measures how long no statement has begun.</param>
/// <param name="apart">Calls that this comparer finds equal do not share a statement; null lets all calls share.</param>
internal sealed class GroupedCalls<TCall, TAnswer>(
    int atOnce,
    int together,
    Func<TCall, CancellationToken, ValueTask<TAnswer>> one,
    Func<IReadOnlyList<TCall>, Task<IReadOnlyList<TAnswer>>> all,
    TimeProvider clock,
    IEqualityComparer<TCall>? apart = null)
{
    /// <summary>If no statement has begun for this long, one more begins: a connection may be dead.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>The most statements that run concurrently, however long they take: other work needs connections too.</summary>
    public const int Most = 16;

    private readonly Lock _lock = new();
    private readonly List<Waiting> _waiting = [];
    private int _running;
    private long _lastStart;
    private bool _watched;

    /// <summary>Runs a call, alone or together with others.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Ends the wait. A statement that was sent is still completed.</param>
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

    /// <summary>Returns what the call waits for; null if it may run alone.</summary>
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

        // Not in this caller's context, as in StartNext.
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

    /// <summary>Starts a statement for waiting calls, even if no running one returns.</summary>
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

        // Not in the context of the returning caller: its trace is not that of the waiting callers.
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
                _ = waiting.Task.Exception; // observed: a caller that has given up does not read it
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
