namespace Hanzo.Sessions;

/// <summary>A user whose active sessions come from many places at once: an alarm, never a verdict.</summary>
/// <param name="User">Who.</param>
/// <param name="Networks">The distinct places, as <see cref="Session.IpNetwork"/> names them, in order.</param>
/// <param name="SessionCount">How many active sessions the user has.</param>
public sealed record IpSpread(SessionUser User, IReadOnlyList<string> Networks, int SessionCount);
