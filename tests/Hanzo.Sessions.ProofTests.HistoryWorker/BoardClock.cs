namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>The time of day of a board, as the clock of a store. No operation remembers it.</summary>
internal sealed class BoardClock(Board board) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => board.Now;
}
