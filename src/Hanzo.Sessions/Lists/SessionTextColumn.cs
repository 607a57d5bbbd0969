namespace Hanzo.Sessions;

/// <summary>A column that can be searched for a piece of text.</summary>
public enum SessionTextColumn
{
    /// <summary>The organization.</summary>
    Organization,

    /// <summary>The name of the user.</summary>
    User,

    /// <summary>The application.</summary>
    Application,
}
