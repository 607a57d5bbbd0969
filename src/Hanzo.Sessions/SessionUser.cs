using System.Diagnostics.CodeAnalysis;

namespace Hanzo.Sessions;

/// <summary>
/// Whose session it is: a name within an organization. Two users are the same only when both strings are equal
/// character for character; nothing is trimmed, folded or normalised. A name must be unique and never reassigned
/// within its organization, because whoever is given it again would own what is left of the old sessions.
/// </summary>
public sealed record SessionUser
{
    private static readonly SessionUser Somebody = new("-", "-");

    /// <summary>Names a user.</summary>
    /// <param name="organization">1 to 256 bytes of UTF-8, well-formed, without NUL and without <c>/</c>.</param>
    /// <param name="name">1 to 256 bytes of UTF-8, well-formed, without NUL. It may contain <c>/</c>.</param>
    /// <exception cref="ArgumentException">One of them is outside these bounds.</exception>
    public SessionUser(string organization, string name)
    {
        Organization = TextRules.Identifier(organization, nameof(organization));
        Name = TextRules.Name(name, nameof(name));
    }

    /// <summary>The organization (tenant) that the name belongs to.</summary>
    public string Organization { get; private init; }

    /// <summary>The name of the user within the organization.</summary>
    public string Name { get; private init; }

    /// <summary>A user of a filter, whose text the manager has checked; text that was not names nobody.</summary>
    internal static SessionUser OfChecked(string organization, string name) =>
        Somebody with { Organization = organization, Name = name };

    /// <summary>The same user with an equal string in the place of the organization's, so that equal strings are kept once.</summary>
    internal SessionUser Sharing(string organization) =>
        ReferenceEquals(organization, Organization) ? this : this with { Organization = organization };

    /// <summary>
    /// Reads <c>organization/name</c>, split at the first <c>/</c>. Text without a <c>/</c> is a name in
    /// <paramref name="defaultOrganization"/>; a name that itself contains a <c>/</c> must be given in the long form.
    /// </summary>
    /// <param name="userId">What to read.</param>
    /// <param name="defaultOrganization">The organization of a bare name; null when a bare name is not accepted.</param>
    /// <exception cref="ArgumentException">The text is not a user id, or it is a bare name where none is accepted.</exception>
    public static SessionUser Parse(string userId, string? defaultOrganization = null)
    {
        ArgumentNullException.ThrowIfNull(userId);
        var slash = userId.IndexOf('/', StringComparison.Ordinal);
        var organization = slash < 0 ? defaultOrganization : userId[..slash];
        var name = userId[(slash + 1)..];
        if (organization is null)
        {
            throw new ArgumentException("A bare name is not enough here: write organization/name.", nameof(userId));
        }

        return new SessionUser(
            TextRules.Identifier(organization, nameof(userId)),
            TextRules.Name(name, nameof(userId)));
    }

    /// <summary>As <see cref="Parse"/>, but answers false instead of throwing.</summary>
    /// <param name="userId">What to read; null is never a user id.</param>
    /// <param name="defaultOrganization">The organization of a bare name; null when a bare name is not accepted.</param>
    /// <param name="user">The user, when the answer is true.</param>
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

    /// <summary>The user as <c>organization/name</c>.</summary>
    public override string ToString() => $"{Organization}/{Name}";
}
