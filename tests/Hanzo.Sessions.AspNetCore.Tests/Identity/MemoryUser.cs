namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>A user of ASP.NET Core Identity in the tests.</summary>
internal sealed class MemoryUser
{
    public string Id { get; } = Guid.NewGuid().ToString();

    public string Name { get; set; } = string.Empty;

    public string? NormalizedName { get; set; }

    public string? Email { get; set; }

    public string? NormalizedEmail { get; set; }

    public bool EmailConfirmed { get; set; }

    public string? PasswordHash { get; set; }

    public string? SecurityStamp { get; set; }

    public bool TwoFactor { get; set; }

    public int Failures { get; set; }

    public bool CanBeLockedOut { get; set; }

    public DateTimeOffset? LockedOutUntil { get; set; }

    public (string Provider, string Key)? Login { get; set; }
}
