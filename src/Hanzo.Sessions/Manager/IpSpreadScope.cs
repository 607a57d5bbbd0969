using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions;

/// <summary>
/// The alarms of one scope. While counting them is fast, every call gets a count that began after it. Once a count takes longer
/// than <see cref="Patience"/>, it goes on without its callers, and calls are answered from memory until a count is fast again.
/// There is one count at a time.
/// </summary>
/// <param name="count">Counts at an instant.</param>
/// <param name="name">The scope, for the log.</param>
/// <param name="guard">Guards all scopes.</param>
/// <param name="clock">Measures counts.</param>
/// <param name="logger">Hears of counts that fail with no caller waiting.</param>
internal sealed class IpSpreadScope(
    Func<DateTimeOffset, CancellationToken, Task<IReadOnlyList<IpSpread>>> count,
    Printable name,
    Lock guard,
    TimeProvider clock,
    ILogger logger)
{
    /// <summary>How long a call waits for a count. An answer takes 50 ms at most, the rest of a request included.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(30);

    /// <summary>After a slow count the next one waits for this many times its duration: counting takes a twentieth of the time.</summary>
    public const int RestPerDuration = 20;

    /// <summary>After this and the rest, an answer that no call has asked for is forgotten: it would tell of yesterday.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    /// <summary>A count that takes longer is shown as a failure. It is not given up: a store that does not answer gets no second one.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private IpSpreadCount? _last;
    private Running? _running;
    private bool _isSlow;
    private int _begun;

    /// <summary>The clock's timestamp of the last call.</summary>
    public long LastAsked { get; private set; }

    public bool IsCounting => _running is not null;

    /// <summary>Whether calls are answered from memory.</summary>
    public bool IsSlow => _isSlow || (_running is { } running && clock.GetElapsedTime(running.Started) >= Patience);

    /// <summary>The newest count, as far as the caller's patience goes; null while the first one is under way.</summary>
    /// <exception cref="Exception">The count failed: the store's own exception.</exception>
    /// <exception cref="TimeoutException">The store does not answer.</exception>
    public async Task<IpSpreadCount?> AskAsync(DateTimeOffset now, CancellationToken stopping, CancellationToken cancellationToken)
    {
        var asked = LastAsked = clock.GetTimestamp();
        var patience = Patience;
        var before = _begun;
        for (var number = 0; number <= before; patience = Patience - clock.GetElapsedTime(asked))
        {
            Running running;
            lock (guard)
            {
                if (IsSlow || patience <= TimeSpan.Zero)
                {
                    BeginIfDue(now, stopping);
                    break;
                }

                running = _running ?? Begin(now, isAwaited: true, stopping);
            }

            try
            {
                await running.Task.WaitAsync(patience, clock, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                break;
            }

            number = running.Number;
        }

        lock (guard)
        {
            return Known();
        }
    }

    private IpSpreadCount? Known()
    {
        if (_running is { } running && clock.GetElapsedTime(running.Started) is var waited && waited > Longest)
        {
            throw new TimeoutException(FormattableString.Invariant(
                $"The store has not answered a count of alarms for {waited.TotalMinutes:0} minutes. Its next answer ends this."));
        }

        if (_last is { } last && clock.GetElapsedTime(last.Finished) > KeptFor + (RestPerDuration * last.Duration))
        {
            _last = null;
        }

        _last?.Fault?.Throw();
        return _last;
    }

    private void BeginIfDue(DateTimeOffset now, CancellationToken stopping)
    {
        if (_running is null
            && (_last is not { Fault: null } || clock.GetElapsedTime(_last.Finished) >= RestPerDuration * _last.Duration))
        {
            Begin(now, isAwaited: false, stopping);
        }
    }

    // Never on the caller's thread: SQLite and the store in memory count on the thread that calls them.
    private Running Begin(DateTimeOffset now, bool isAwaited, CancellationToken stopping)
    {
        var running = _running = new Running(++_begun, clock.GetTimestamp());
        if (isAwaited || ExecutionContext.IsFlowSuppressed())
        {
            running.Task = Task.Run(() => CountAsync(running, now, isAwaited, stopping), CancellationToken.None);
        }
        else
        {
            // It belongs to no request: neither to its trace nor to what else flows with it.
            using (ExecutionContext.SuppressFlow())
            {
                running.Task = Task.Run(() => CountAsync(running, now, isAwaited, stopping), CancellationToken.None);
            }
        }

        return running;
    }

    private async Task CountAsync(Running running, DateTimeOffset now, bool isAwaited, CancellationToken stopping)
    {
        IReadOnlyList<IpSpread> spreads = [];
        Exception? fault = null;
        try
        {
            spreads = await count(now, stopping).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Every call that it is an answer to gets it.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            fault = thrown;
        }

        var duration = clock.GetElapsedTime(running.Started);
        var isSlow = duration >= Patience;
        var isAbandoned = fault is not null && stopping.IsCancellationRequested;
        try
        {
            if (fault is not null && !isAbandoned && (isSlow || !isAwaited) && _last is not { Fault: not null })
            {
                Log.AlarmCountFailed(logger, name, fault);
            }
        }
        finally
        {
            lock (guard)
            {
                _running = null;
                if (!isAbandoned)
                {
                    _isSlow = isSlow;
                    _last = new IpSpreadCount(
                        spreads, now, fault is null ? null : ExceptionDispatchInfo.Capture(fault), duration, clock.GetTimestamp());
                }
            }
        }
    }

    private sealed class Running(int number, long started)
    {
        public int Number => number;

        public long Started => started;

        public Task Task { get; set; } = Task.CompletedTask;
    }
}
