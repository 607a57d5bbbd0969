namespace Hanzo.Sessions.Tests;

/// <summary>A policy provider that tests change on the way, and that remembers for whom it was asked.</summary>
internal sealed class Policies : ISessionPolicyProvider
{
    public Func<SessionPolicy, SessionPolicy> Change { get; set; } = policy => policy;

    public List<(SessionUser User, string Application)> Asked { get; } = [];

    public ValueTask<SessionPolicy> GetPolicyAsync(
        SessionUser user, string application, SessionPolicy defaults, CancellationToken cancellationToken)
    {
        Asked.Add((user, application));
        return new(Change(defaults));
    }
}
