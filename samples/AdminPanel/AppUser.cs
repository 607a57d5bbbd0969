using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

/// <summary>A user of this app: Identity's fields, the organization, and what the user may administer.</summary>
internal sealed class AppUser : IdentityUser
{
    public required string Organization { get; init; }

    /// <summary>Null for nothing, or a constant of AppClaims: the user's organization, or all of them.</summary>
    public string? Administers { get; init; }
}

internal sealed class AppUsers(DbContextOptions<AppUsers> options) : IdentityUserContext<AppUser>(options);
