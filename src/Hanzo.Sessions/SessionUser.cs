using System.Diagnostics.CodeAnalysis;

namespace Hanzo.Sessions;

/// <summary>
/// A user: a name within an organization. Two users are the same only if both strings are equal character for character;
/// nothing is trimmed, folded or normalized. A name must be unique within its organization and must never be reassigned:
/// its next user would own the sessions of the previous one.
/// </summary>
public sealed record SessionUser
{
    private static readonly SessionUser Somebody = new("-", "-");

    /// <summary>Creates a user.</summary>
    /// <param name="organization">1 to 256 bytes of well-formed UTF-8 without NUL or <c>/</c>.</param>
    /// <param name="name">1 to 256 bytes of well-formed UTF-8 without NUL. It can contain <c>/</c>.</param>
    /// <exception cref="ArgumentException">The organization or the name is out of range.</exception>
    public SessionUser(string organization, string name)
    {
        Organization = TextRules.Identifier(organization, nameof(organization));
        Name = TextRules.Name(name, nameof(name));
    }

    /// <summary>The organization (tenant) that the name belongs to.</summary>
    public string Organization { get; private init; }

    /// <summary>The name of the user within the organization.</summary>
    public string Name { get; private init; }

    /// <summary>The user of a filter. The manager has checked the text; unchecked text matches no stored user.</summary>
    internal static SessionUser OfChecked(string organization, string name) =>
        Somebody with { Organization = organization, Name = name };

    /// <summary>The same user with an equal string for the organization, so that memory holds it once.</summary>
    internal SessionUser Sharing(string organization) =>
        ReferenceEquals(organization, Organization) ? this : this with { Organization = organization };

    /// <summary>
    /// Reads <c>organization/name</c>, split at the first <c>/</c>. Text without a <c>/</c> is a bare name in
    /// <paramref name="defaultOrganization"/>. A name that contains a <c>/</c> needs the long form.
    /// </summary>
    /// <param name="userId">The text.</param>
    /// <param name="defaultOrganization">The organization of a bare name; null refuses bare names.</param>
    /// <exception cref="ArgumentException">The text is not a user id, or it is a bare name without a default organization.</exception>
    public static SessionUser Parse(string userId, string? defaultOrganization = null)
    {
        ArgumentNullException.ThrowIfNull(userId);
        var slash = userId.IndexOf('/', StringComparison.Ordinal);
        var organization = slash < 0 ? defaultOrganization : userId[..slash];
        var name = userId[(slash + 1)..];
        if (organization is null)
        {
            throw new ArgumentException("The user id has no organization; write organization/name.", nameof(userId));
        }

        return new SessionUser(
            TextRules.Identifier(organization, nameof(userId)),
            TextRules.Name(name, nameof(userId)));
    }

    /// <summary>Does the same as <see cref="Parse"/>, but returns false instead of throwing.</summary>
    /// <param name="userId">The text; null is never a user id.</param>
    /// <param name="defaultOrganization">The organization of a bare name; null refuses bare names.</param>
    /// <param name="user">The user, if the result is true.</param>
    public static bool TryParse(string? userId, string? defaultOrganization, [NotNullWhen(true)] out SessionUser? user)
    {
        var slash = userId?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        var organization = slash < 0 ? defaultOrganization : userId![..slash];
        var name = userId?[(slash + 1)..];
        user = TextRules.IsIdentifier(organization) && TextRules.IsName(name)
            ? new SessionUser(organization, name)
            : null;
        return user is not null;
    }

    /// <summary>Writes <c>organization/name</c>.</summary>
    public override string ToString() => $"{Organization}/{Name}";
}
