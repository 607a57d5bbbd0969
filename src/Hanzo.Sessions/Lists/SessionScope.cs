namespace Hanzo.Sessions;

/// <summary>Whose sessions a call may see: those of one organization or, if the caller says so explicitly, of all.</summary>
public sealed record SessionScope
{
    private SessionScope(string? organization) => Organization = organization;

    /// <summary>All organizations.</summary>
    public static SessionScope AllOrganizations { get; } = new(organization: null);

    /// <summary>The one organization; null for all of them.</summary>
    public string? Organization { get; }

    /// <summary>One organization.</summary>
    /// <param name="organization">Its name, in the range that <see cref="SessionUser"/> allows.</param>
    /// <exception cref="ArgumentException">The name is out of range.</exception>
    public static SessionScope Of(string organization) => new(TextRules.Identifier(organization, nameof(organization)));

    /// <summary>The organization of a user. It is in range already.</summary>
    internal static SessionScope Of(SessionUser user) => new(user.Organization);

    /// <summary>Whether a user is in this scope.</summary>
    public bool Contains(SessionUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return Organization is null || string.Equals(Organization, user.Organization, StringComparison.Ordinal);
    }
}
