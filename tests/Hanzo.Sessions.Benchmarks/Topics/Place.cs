namespace Hanzo.Sessions.Benchmarks.Topics;

/// <summary>A store full of sessions: users <c>user-0</c>, <c>user-1</c>, ... of <c>acme</c>, four sessions each.</summary>
/// <param name="Manager">A manager on the store.</param>
/// <param name="Store">The store.</param>
/// <param name="Tokens">Of some of its sessions.</param>
internal sealed record Place(SessionManager Manager, ISessionStore Store, string[] Tokens);
