using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions;

/// <summary>Logs that the clocks of this server and of the store differ, once a minute for as long as they do.</summary>
internal sealed class ClockWatch(TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromMinutes(1);

    private long _lastLine = -1;

    public void Report(DateTimeOffset serverTime, DateTimeOffset storeTime)
    {
        var (last, now) = (Interlocked.Read(ref _lastLine), clock.GetTimestamp());
        if ((last < 0 || clock.GetElapsedTime(last, now) >= BetweenLines)
            && Interlocked.CompareExchange(ref _lastLine, now, last) == last)
        {
            Log.ClocksDiffer(logger, serverTime.UtcDateTime, storeTime.UtcDateTime);
        }
    }
}
