namespace Hanzo.Sessions;

/// <summary>Gives a user or an application its own policy: per plan, per tenant, per app. Optional.</summary>
public interface ISessionPolicyProvider
{
    /// <summary>Returns the policy of a sign-in. Called once per sign-in and per <see cref="SessionManager.GetQuotaAsync"/>.</summary>
    /// <param name="user">The user who signs in.</param>
    /// <param name="application">The application that the user signs in to.</param>
    /// <param name="defaults">The policy of the options; return it as it is, or a changed copy (<c>defaults with { ... }</c>).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A policy within the ranges of <see cref="SessionPolicy"/>. The manager refuses any other.</returns>
    ValueTask<SessionPolicy> GetPolicyAsync(
        SessionUser user, string application, SessionPolicy defaults, CancellationToken cancellationToken);
}
