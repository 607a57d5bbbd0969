namespace Hanzo.Sessions;

/// <summary>A user of whom the store keeps nothing.</summary>
public sealed record SessionForgetting
{
    /// <summary>The user.</summary>
    public required SessionUser User { get; init; }

    /// <summary>The end of the sessions that are active, as it is reported. The store does not keep it.</summary>
    public required SessionEnd End { get; init; }

    /// <summary>See <see cref="StoreInstant.Tolerance"/>.</summary>
    public TimeSpan? Tolerance { get; init; }

    /// <summary>The instant to judge by.</summary>
    public StoreInstant Now => new(End.At, Tolerance);
}
