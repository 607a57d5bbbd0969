using System.Security.Claims;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Maps the principal of a sign-in to the user whose session it creates.</summary>
/// <param name="principal">The principal that signs in.</param>
/// <param name="defaultOrganization"><see cref="HanzoSessionsOptions.DefaultOrganization"/>, for a principal that names no organization.</param>
public delegate SessionUser SessionUserMapping(ClaimsPrincipal principal, string defaultOrganization);
