using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>What <see cref="TicketPayload"/> has kept of a sign-in.</summary>
/// <param name="Principal">Who signed in.</param>
/// <param name="Properties">The properties of the sign-in.</param>
/// <param name="Scheme">The scheme that the session belongs to; null for the default one.</param>
/// <param name="TokenFault">Why the tokens are not among the properties, although they were kept; null when nothing is missing.</param>
internal readonly record struct KeptTicket(
    ClaimsPrincipal Principal, AuthenticationProperties Properties, string? Scheme, CryptographicException? TokenFault);
