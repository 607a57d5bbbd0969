using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Who the caller is, or why the request is refused. A feature of requests to the compatible verbs.</summary>
/// <param name="Account">The signed-in user; null for a client.</param>
/// <param name="Administrator">The caller as an administrator; null if the caller is not an administrator.</param>
/// <param name="Refusal">What the caller may not do; null when no user is signed in.</param>
internal sealed record Admission(AccountCaller? Account = null, AdministratorCaller? Administrator = null, string? Refusal = null)
{
    /// <summary>The answer to a caller who may not go on.</summary>
    public IResult Problem => Refusal is null ? Problems.NotSignedIn() : Problems.Forbidden(Refusal);
}
