namespace Hanzo.Sessions.AspNetCore.Tests.Health;

/// <summary>The system's clock, set wrong.</summary>
internal sealed class ShiftedClock(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
}
