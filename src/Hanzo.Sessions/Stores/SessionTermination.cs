namespace Hanzo.Sessions;

/// <summary>What became of a call that ends sessions.</summary>
/// <param name="Ended">
/// The sessions that it ended, those whose time was up among them, with their own reason. Sessions that had ended before
/// are not among them.
/// </param>
/// <param name="CurrentSelected">True when the protected session was selected and active: then nothing was ended.</param>
public readonly record struct SessionTermination(IReadOnlyList<EndedSession> Ended, bool CurrentSelected = false);
