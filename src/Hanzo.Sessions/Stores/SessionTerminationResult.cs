namespace Hanzo.Sessions;

/// <summary>What became of a <see cref="SessionTermination"/>.</summary>
/// <param name="Ended">
/// The sessions that the call ended. Those that had timed out are among them, with that reason. Sessions that had ended
/// before are not.
/// </param>
/// <param name="CurrentSelected">True when the protected session was selected and active: then nothing ended.</param>
public readonly record struct SessionTerminationResult(IReadOnlyList<EndedSession> Ended, bool CurrentSelected = false);
