using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Asks Identity. A user who is gone or has another stamp by now is not current.</summary>
internal sealed class SecurityStampCheck<TUser> : ISecurityStampCheck
    where TUser : class
{
    public async ValueTask<bool> IsCurrentAsync(HttpContext http, ClaimsPrincipal principal)
    {
        var signIn = http.RequestServices.GetRequiredService<SignInManager<TUser>>();
        return await signIn.ValidateSecurityStampAsync(principal).ConfigureAwait(false) is not null;
    }
}
