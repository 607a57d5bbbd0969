using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Tells whether a principal still stems from the user's present credentials.</summary>
internal interface ISecurityStampCheck
{
    ValueTask<bool> IsCurrentAsync(HttpContext http, ClaimsPrincipal principal);
}
