namespace Hanzo.Sessions.Benchmarks.Harness;

internal enum Role
{
    /// <summary>This library.</summary>
    Ours,

    /// <summary>The least that the work can cost: the same steps written by hand, without a library.</summary>
    Floor,

    /// <summary>What somebody would use instead.</summary>
    Rival,
}
