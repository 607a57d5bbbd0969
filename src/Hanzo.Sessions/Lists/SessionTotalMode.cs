namespace Hanzo.Sessions;

/// <summary>How a list counts all matches.</summary>
public enum SessionTotalMode
{
    /// <summary>Exact up to 10,000 matches. If there are more, the total is 10,000 and marked as not exact.</summary>
    Capped,

    /// <summary>No total: saves a round trip.</summary>
    None,

    /// <summary>Always exact: reads every match (about 70 ms per million in PostgreSQL).</summary>
    Exact,
}
