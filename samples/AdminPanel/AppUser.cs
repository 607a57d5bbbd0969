using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

/// <summary>A user of this app: what Identity keeps, the organization, and what the user may administer.</summary>
internal sealed class AppUser : IdentityUser
{
    public required string Organization { get; init; }

    /// <summary>Nothing, the own organization, or all of them.</summary>
    public string? Administers { get; init; }
}

internal sealed class AppUsers(DbContextOptions<AppUsers> options) : IdentityUserContext<AppUser>(options);
