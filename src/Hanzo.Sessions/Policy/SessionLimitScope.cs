namespace Hanzo.Sessions;

/// <summary>Which active sessions count together against the limit.</summary>
public enum SessionLimitScope
{
    /// <summary>All sessions of a user, in all applications.</summary>
    User,

    /// <summary>The sessions of a user in the application of the sign-in.</summary>
    UserAndApplication,
}
