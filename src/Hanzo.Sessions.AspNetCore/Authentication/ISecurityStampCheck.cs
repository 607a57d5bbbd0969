using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Tells whether a principal still matches the user's current credentials.</summary>
internal interface ISecurityStampCheck
{
    ValueTask<bool> IsCurrentAsync(HttpContext http, ClaimsPrincipal principal);
}
