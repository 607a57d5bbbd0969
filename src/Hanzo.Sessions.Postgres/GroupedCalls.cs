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
/// <param name="clock">What tells how long nothing has come back.</param>
internal sealed class GroupedCalls<TCall, TAnswer>(
    int atOnce,
    int together,
    Func<TCall, CancellationToken, ValueTask<TAnswer>> one,
    Func<IReadOnlyList<TCall>, Task<IReadOnlyList<TAnswer>>> all,
    TimeProvider clock,
    IEqualityComparer<TCall>? apart = null)
{
    /// <summary>Statements that take longer than this do not hold up others: a connection may be dead.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly List<Waiting> _waiting = [];
    private int _running;
    private long _lastStart;

    /// <summary>Does a call.</summary>
    /// <param name="call">What to do.</param>
    /// <param name="cancellationToken">Ends the wait; what is shared with others is done all the same.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TAnswer> RunAsync(TCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Enter(call) is { } waiting)
        {
            return await waiting.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
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
        lock (_lock)
        {
            if (_running < atOnce || clock.GetElapsedTime(_lastStart) > Patience)
            {
                _running++;
                _lastStart = clock.GetTimestamp();
                return null;
            }

            var waiting = new Waiting(call);
            _waiting.Add(waiting);
            return waiting;
        }
    }

    private void Leave()
    {
        List<Waiting> group;
        lock (_lock)
        {
            if (_waiting.Count == 0)
            {
                _running--;
                return;
            }

            group = Next();
            _lastStart = clock.GetTimestamp();
        }

        // Not in the context of whoever has come back: its trace is not that of the others.
        ThreadPool.UnsafeQueueUserWorkItem(static next => _ = next.Calls.RunAsync(next.Group), (Calls: this, Group: group), preferLocal: false);
    }

    private List<Waiting> Next()
    {
        var group = (apart is null ? _waiting : _waiting.DistinctBy(it => it.Call, apart)).Take(together).ToList();
        if (group.Count == _waiting.Count)
        {
            _waiting.Clear();
        }
        else
        {
            _waiting.RemoveAll(group.ToHashSet().Contains);
        }

        return group;
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
            group.ForEach(it => it.SetException(fault));
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
