using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Asks Identity: a user who was deleted or has another stamp is not current.</summary>
internal sealed class SecurityStampCheck<TUser> : ISecurityStampCheck
    where TUser : class
{
    public async ValueTask<bool> IsCurrentAsync(HttpContext http, ClaimsPrincipal principal)
    {
        var signIn = http.RequestServices.GetRequiredService<SignInManager<TUser>>();
        return await signIn.ValidateSecurityStampAsync(principal) is not null;
    }
}
