namespace Hanzo.Sessions;

/// <summary>Which active sessions count together against the limit.</summary>
public enum SessionLimitScope
{
    /// <summary>All of a user's, over all applications.</summary>
    User,

    /// <summary>Those of a user in the application that is signed in to.</summary>
    UserAndApplication,
}
