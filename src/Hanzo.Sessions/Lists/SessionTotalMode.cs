namespace Hanzo.Sessions;

/// <summary>How much of a total a list computes.</summary>
public enum SessionTotalMode
{
    /// <summary>Exact up to 10,000 matches; beyond that 10,000, marked as not exact.</summary>
    Capped,

    /// <summary>None: one round trip less.</summary>
    None,

    /// <summary>Exact whatever it costs: it reads every match (about 70 ms per million in PostgreSQL).</summary>
    Exact,
}
