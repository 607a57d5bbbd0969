using System.Security.Claims;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>What became of the token that a request presented. A feature of the request.</summary>
internal sealed class PresentedSession
{
    public required HanzoSessionTokenHandler Handler { get; init; }

    public required bool IsBearer { get; init; }

    public required SessionValidation Validation { get; init; }

    /// <summary>The principal; null when the session is not active.</summary>
    public ClaimsPrincipal? Principal { get; init; }
}
