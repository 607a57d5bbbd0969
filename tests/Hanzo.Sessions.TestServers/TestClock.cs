using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Sessions.TestServers;

/// <summary>
/// A clock that a test moves by hand. <see cref="FakeTimeProvider"/> does not say which timers are waiting for it, and its
/// <see cref="FakeTimeProvider.AdjustTime"/> moves the timestamp along with the wall clock, which no machine does.
/// </summary>
/// <param name="start">What it shows at first; null for <see cref="Testing.TestSessions.Start"/>.</param>
public sealed class TestClock(DateTimeOffset? start = null) : FakeTimeProvider(start ?? Testing.TestSessions.Start)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<object, long> _due = []; // The timers that are waiting, and for which timestamp.
    private TimeSpan _wallAhead;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _wallAhead;

    public override long GetTimestamp() => base.GetUtcNow().UtcTicks;

    /// <summary>Sets the wall clock, as an administrator does: forward or back, and neither timers nor timestamps notice.</summary>
    public void SetWallClock(DateTimeOffset now) => _wallAhead = now - base.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Inner = base.CreateTimer(timer.Fire, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the time on to where the next timer is due, however far that is.</summary>
    /// <returns>How far that was.</returns>
    public TimeSpan AdvanceToNextTimer()
    {
        TimeSpan by;
        lock (_lock)
        {
            by = _due.Count > 0 ? TimeSpan.FromTicks(_due.Values.Min() - GetTimestamp()) : throw new InvalidOperationException("No timer is waiting.");
        }

        Advance(by);
        return by;
    }

    /// <summary>Waits until so many timers are waiting: code that runs elsewhere has begun its delay, and the clock may be moved.</summary>
    public async Task WaitForTimersAsync(int count = 1)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_due.Count >= count)
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed;
        }
    }

    private void Note(Timer timer, TimeSpan dueTime)
    {
        lock (_lock)
        {
            _due.Remove(timer);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                _due.Add(timer, GetTimestamp() + dueTime.Ticks);
                _changed.SetResult();
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private sealed class Timer(TestClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public ITimer Inner { get; set; } = null!;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period;
            clock.Note(this, dueTime);
            return Inner.Change(dueTime, period);
        }

        public void Fire(object? _)
        {
            clock.Note(this, _period);
            callback(state);
        }

        public void Dispose()
        {
            clock.Note(this, Timeout.InfiniteTimeSpan);
            Inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
