namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>The time of day of a board. Every operation remembers what it has read there.</summary>
internal sealed class RecordedClock(Board board) : TimeProvider
{
    public override DateTimeOffset GetUtcNow()
    {
        var now = board.Now;
        Recording.Current?.Saw(now);
        return now;
    }
}
