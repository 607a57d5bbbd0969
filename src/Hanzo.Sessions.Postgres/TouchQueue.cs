namespace Hanzo.Sessions.Postgres;

/// <summary>
/// Writes single activities down. One that comes when no other is being written goes at once; those that come
/// meanwhile share the next statement, so that many requests at once are not as many transactions. A statement never
/// waits for a row, so nobody waits here for what happens to somebody else's session.
/// </summary>
/// <param name="write">Writes some, and answers for each whether its session surely was active; it does not wait for whoever is changing one.</param>
/// <param name="decide">Writes one if it is due, waiting for whoever is changing its session, and answers whether that was active.</param>
internal sealed class TouchQueue(
    Func<IReadOnlyList<SessionTouch>, Task<IReadOnlyList<bool>>> write,
    Func<SessionTouch, CancellationToken, Task<bool>> decide)
{
    private const int LargestGroup = 256;

    private readonly Lock _lock = new();
    private List<Waiting> _waiting = [];
    private bool _busy;

    public async Task<bool> WriteAsync(SessionTouch touch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiting = new Waiting(touch);
        bool isFirst;
        lock (_lock)
        {
            _waiting.Add(waiting);
            isFirst = !_busy;
            _busy = true;
        }

        if (isFirst)
        {
            _ = WriteNextAsync();
        }

        return await waiting.Answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false)
            || await decide(touch, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteNextAsync()
    {
        var group = Next();
        try
        {
            var written = await write([.. group.Select(it => it.Touch)]).ConfigureAwait(false);
            for (var i = 0; i < group.Count; i++)
            {
                group[i].Answer.SetResult(written[i]);
            }
        }
#pragma warning disable CA1031 // Every fault goes to the callers, untouched.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            group.ForEach(it => it.Answer.SetException(fault));
        }

        lock (_lock)
        {
            _busy = _waiting.Count > 0;
            if (!_busy)
            {
                return;
            }
        }

        // Not in the context of whoever came first: its trace is not that of the others.
        ThreadPool.UnsafeQueueUserWorkItem(static queue => _ = queue.WriteNextAsync(), this, preferLocal: false);
    }

    /// <summary>Those that wait, but each session once.</summary>
    private List<Waiting> Next()
    {
        lock (_lock)
        {
            var group = _waiting.DistinctBy(it => it.Touch.Id).Take(LargestGroup).ToList();
            _waiting = group.Count == _waiting.Count ? [] : [.. _waiting.Except(group)];
            return group;
        }
    }

    private sealed class Waiting(SessionTouch touch)
    {
        public SessionTouch Touch { get; } = touch;

        public TaskCompletionSource<bool> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
