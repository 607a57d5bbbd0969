namespace Hanzo.Sessions;

/// <summary>Another policy for a user or an application: per plan, per tenant, per app. Optional.</summary>
public interface ISessionPolicyProvider
{
    /// <summary>
    /// The policy of a sign-in that is about to become a session. Asked once per sign-in, and whenever somebody looks how many
    /// sessions a user may have (<see cref="SessionManager.GetQuotaAsync"/>).
    /// </summary>
    /// <param name="user">Who signs in.</param>
    /// <param name="application">What to.</param>
    /// <param name="defaults">The policy of the options; return it as it is, or a changed copy (<c>defaults with { ... }</c>).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A policy within the ranges that <see cref="SessionPolicy"/> names; any other is refused.</returns>
    ValueTask<SessionPolicy> GetPolicyAsync(
        SessionUser user, string application, SessionPolicy defaults, CancellationToken cancellationToken);
}
