namespace Hanzo.Sessions.AspNetCore;

/// <summary>Marks an endpoint whose requests pass the same-origin guard whatever their method, because its GET changes something.</summary>
internal sealed class GuardedMetadata;
