namespace Hanzo.Sessions.Testing;

/// <summary>
/// A clock that stands still until a test moves it. Timers, and whatever is built on them such as
/// <c>Task.Delay(delay, clock)</c>, run inside <see cref="Advance"/>, on the thread that calls it, in the order in
/// which they are due. Thread-safe.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiters = [];
    private DateTimeOffset _utcAtZero;
    private TimeSpan _steady;
    private TimeSpan _target;

    /// <summary>A clock that shows the first instant of 2026 in UTC.</summary>
    public ManualTimeProvider() : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>A clock that shows a given instant.</summary>
    /// <param name="start">The instant.</param>
    public ManualTimeProvider(DateTimeOffset start) => _utcAtZero = start.ToUniversalTime();

    /// <summary>Always UTC, so that no test depends on where it runs.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _utcAtZero + _steady;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return _steady.Ticks;
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves the time on. Every timer that comes due on the way fires before this returns, and while it does the clock
    /// shows the instant at which it was due.
    /// </summary>
    /// <param name="by">How far; not backwards.</param>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan target;
        lock (_lock)
        {
            target = _target += by;
        }

        FireUntil(target);
    }

    /// <summary>Moves the time on to where the next timer is due, however far that is, and fires it.</summary>
    /// <returns>How far that was.</returns>
    /// <exception cref="InvalidOperationException">No timer is waiting.</exception>
    public TimeSpan AdvanceToNextTimer()
    {
        TimeSpan by;
        lock (_lock)
        {
            by = _timers.Count > 0 ? _timers.Min(timer => timer.Due) - _steady : throw new InvalidOperationException("No timer is waiting.");
        }

        Advance(by);
        return by;
    }

    /// <summary>
    /// Sets the wall clock, as an administrator or a time server does: forward or back, and no time passes. Timers
    /// and <see cref="GetTimestamp"/> do not notice.
    /// </summary>
    /// <param name="now">What <see cref="GetUtcNow"/> shows from now on.</param>
    public void SetUtcNow(DateTimeOffset now)
    {
        lock (_lock)
        {
            _utcAtZero = now.ToUniversalTime() - _steady;
        }
    }

    /// <summary>
    /// Waits until so many timers are waiting for their time: the moment at which code that runs elsewhere has begun
    /// its delay, and the clock may be moved.
    /// </summary>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitForTimersAsync(int count = 1, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_timers.Count >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((count, reached));
            return reached.Task.WaitAsync(cancellationToken);
        }
    }

    private void FireUntil(TimeSpan target)
    {
        while (TakeDue(target) is { } timer)
        {
            timer.Fire();
        }
    }

    private ManualTimer? TakeDue(TimeSpan target)
    {
        lock (_lock)
        {
            var next = _timers.Where(timer => timer.Due <= target).MinBy(timer => timer.Due);
            var reached = next?.Due ?? target;
            _steady = reached > _steady ? reached : _steady;
            if (next is { IsPeriodic: true })
            {
                next.Due += next.Period;
            }
            else if (next is not null)
            {
                _timers.Remove(next);
            }

            return next;
        }
    }

    private bool Schedule(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        TimeSpan now;
        lock (_lock)
        {
            if (timer.IsDisposed)
            {
                return false;
            }

            _timers.Remove(timer);
            now = _steady;
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return true;
            }

            timer.Due = now + dueTime;
            timer.Period = period;
            _timers.Add(timer);
            foreach (var waiter in _waiters.FindAll(it => it.Count <= _timers.Count))
            {
                waiter.Reached.TrySetResult();
                _waiters.Remove(waiter);
            }
        }

        // A timer without a delay fires at once.
        if (dueTime == TimeSpan.Zero)
        {
            FireUntil(now);
        }

        return true;
    }

    private void Cancel(ManualTimer timer)
    {
        lock (_lock)
        {
            timer.IsDisposed = true;
            _timers.Remove(timer);
        }
    }

    // The clock's lock guards what can be set.
    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; set; }

        public bool IsPeriodic => Period > TimeSpan.Zero;

        public bool IsDisposed { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
            ArgumentOutOfRangeException.ThrowIfLessThan(period, Timeout.InfiniteTimeSpan);
            return clock.Schedule(this, dueTime, period);
        }

        public void Fire() => callback(state);

        public void Dispose() => clock.Cancel(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
