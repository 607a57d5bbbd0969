using System.Security.Claims;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>What became of the token that a request presented. A feature of the request.</summary>
/// <param name="Validation">What the manager said.</param>
/// <param name="Principal">The principal; null when the session is not active.</param>
/// <param name="IsBearer">Whether it came in a header that a browser does not send by itself.</param>
/// <param name="ClearCookie">Tells the browser to forget the cookie.</param>
internal sealed record PresentedSession(
    SessionValidation Validation, ClaimsPrincipal? Principal, bool IsBearer, Action ClearCookie);
