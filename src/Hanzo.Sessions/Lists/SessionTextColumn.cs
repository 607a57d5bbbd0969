namespace Hanzo.Sessions;

/// <summary>A column that <see cref="SessionSubstring"/> can search.</summary>
public enum SessionTextColumn
{
    /// <summary>The organization.</summary>
    Organization,

    /// <summary>The name of the user.</summary>
    User,

    /// <summary>The application.</summary>
    Application,
}
