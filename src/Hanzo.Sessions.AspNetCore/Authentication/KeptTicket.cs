using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>A sign-in as read from a <see cref="TicketPayload"/>.</summary>
/// <param name="Principal">The principal that signed in.</param>
/// <param name="Properties">The properties of the sign-in.</param>
/// <param name="Scheme">The scheme of the session; null for the default one.</param>
/// <param name="TokenFault">Why stored tokens are missing from the properties; null if none is missing.</param>
internal readonly record struct KeptTicket(
    ClaimsPrincipal Principal, AuthenticationProperties Properties, string? Scheme, CryptographicException? TokenFault);
