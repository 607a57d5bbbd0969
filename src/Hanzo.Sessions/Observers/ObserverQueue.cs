using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions;

/// <summary>
/// The events that one observer has not heard yet, and the task that tells it, one at a time. If the queue is full, events
/// are dropped and counted, so a slow observer delays no request and its memory is bounded.
/// </summary>
#pragma warning disable CA1001 // The source has no timer and no link, so there is nothing to dispose.
internal sealed class ObserverQueue
#pragma warning restore CA1001
{
    private readonly ISessionObserver _observer;
    private readonly SessionMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Channel<Telling> _events;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _telling;
    private int _isFull;

    public ObserverQueue(ISessionObserver observer, int capacity, SessionMetrics metrics, ILogger logger)
    {
        _observer = observer;
        _metrics = metrics;
        _logger = logger;
        _events = Channel.CreateBounded<Telling>(capacity);

        // The task outlives the request that first resolves the manager, so it must not inherit that request's context.
        using (ExecutionContext.SuppressFlow())
        {
            _telling = Task.Run(TellAsync);
        }
    }

    public void Enqueue(Telling telling)
    {
        if (_events.Writer.TryWrite(telling))
        {
            return;
        }

        Drop(1);
        if (Interlocked.Exchange(ref _isFull, 1) == 0 && !_events.Reader.Completion.IsCompleted)
        {
            Log.ObserverQueueFull(_logger, _observer.GetType());
        }
    }

    /// <summary>Waits until the observer has heard every event enqueued before this call.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _events.Writer.WriteAsync(
                (_, _) =>
                {
                    reached.SetResult();
                    return ValueTask.CompletedTask;
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
        }

        await Task.WhenAny(reached.Task, _telling).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Accepts no more events, gives the observer some time to hear the rest, and drops what is left.</summary>
    public async Task StopAsync(TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
    {
        _events.Writer.TryComplete();
        try
        {
            await _telling.WaitAsync(patience, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is TimeoutException or OperationCanceledException)
        {
            var left = 0;
            while (_events.Reader.TryRead(out _))
            {
                left++;
            }

            Drop(left);
            Log.ObserverStopped(_logger, _observer.GetType(), left);
            await _stopping.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task TellAsync()
    {
        while (await _events.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (_events.Reader.TryRead(out var telling))
            {
                await TellAsync(telling).ConfigureAwait(false);
            }

            Volatile.Write(ref _isFull, 0);
        }
    }

    private async ValueTask TellAsync(Telling telling)
    {
        try
        {
            await telling(_observer, _stopping.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The change is committed: no observer may turn it into a failure.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _metrics.ObserverErrors.Add(1, Tag);
            Log.ObserverFailed(_logger, _observer.GetType(), fault);
        }
    }

    private void Drop(int events) => _metrics.ObserverDropped.Add(events, Tag);

    private KeyValuePair<string, object?> Tag =>
        SessionTelemetry.Tag(SessionTelemetry.Observer, _observer.GetType().FullName);
}
