using System.Runtime.ExceptionServices;

namespace Hanzo.Sessions;

/// <summary>What came of one count of a scope's alarms.</summary>
/// <param name="Spreads">The first of them, as many as are kept; empty if the count failed.</param>
/// <param name="At">The instant that they are true of.</param>
/// <param name="Fault">Why the count failed; null if it did not.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Finished">The clock's timestamp of its end.</param>
internal sealed record IpSpreadCount(
    IReadOnlyList<IpSpread> Spreads, DateTimeOffset At, ExceptionDispatchInfo? Fault, TimeSpan Duration, long Finished);
