namespace Hanzo.Sessions;

/// <summary>
/// Whose sessions a call may see: those of one organization, or, only when somebody writes so, those of all.
/// </summary>
public sealed record SessionScope
{
    private SessionScope(string? organization) => Organization = organization;

    /// <summary>All organizations.</summary>
    public static SessionScope AllOrganizations { get; } = new(organization: null);

    /// <summary>The one organization; null for all of them.</summary>
    public string? Organization { get; }

    /// <summary>One organization.</summary>
    /// <param name="organization">Its name, within the bounds of <see cref="SessionUser.Organization"/>.</param>
    /// <exception cref="ArgumentException">The name is out of bounds.</exception>
    public static SessionScope Of(string organization) => new(TextRules.Identifier(organization, nameof(organization)));

    /// <summary>The organization of a user, which has been checked.</summary>
    internal static SessionScope Of(SessionUser user) => new(user.Organization);

    /// <summary>Whether a user is in this scope.</summary>
    /// <param name="user">The user.</param>
    public bool Contains(SessionUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return Organization is null || string.Equals(Organization, user.Organization, StringComparison.Ordinal);
    }
}
