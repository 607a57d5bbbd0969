using System.Security.Claims;
using Hanzo.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

/// <summary>Adds the user's organization and administrator rights to Identity's own claims.</summary>
internal sealed class AppClaims(UserManager<AppUser> users, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<AppUser>(users, options)
{
    public const string AdministersOrganization = "organization";
    public const string AdministersAll = "all";

    private const string Administers = "administers";

    public static bool IsAdministrator(ClaimsPrincipal principal) => principal.HasClaim(claim => claim.Type is Administers);

    public static SessionScope Scope(ClaimsPrincipal principal, SessionUser user) =>
        principal.HasClaim(Administers, AdministersAll) ? SessionScope.AllOrganizations : SessionScope.Of(user.Organization);

    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(AppUser user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim("organization", user.Organization));
        if (user.Administers is { } administers)
        {
            identity.AddClaim(new Claim(Administers, administers));
        }

        return identity;
    }
}
