namespace Hanzo.Sessions;

/// <summary>A user whose active sessions come from many networks at once: a warning, not proof of an attack.</summary>
/// <param name="User">The user.</param>
/// <param name="Networks">The distinct values of <see cref="Session.IpNetwork"/>, sorted.</param>
/// <param name="SessionCount">How many active sessions the user has.</param>
public sealed record IpSpread(SessionUser User, IReadOnlyList<string> Networks, int SessionCount);
