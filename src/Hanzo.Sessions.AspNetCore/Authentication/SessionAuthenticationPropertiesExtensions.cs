using Microsoft.AspNetCore.Authentication;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Settings of a session in the properties of its sign-in.</summary>
public static class SessionAuthenticationPropertiesExtensions
{
    private const string ApplicationKey = "hanzo.application";

    /// <summary>Sets the application of the session; otherwise it is <see cref="HanzoSessionsOptions.DefaultApplication"/>.</summary>
    /// <param name="properties">The properties for <c>SignInAsync</c>.</param>
    /// <param name="application">Its name, within the bounds of <see cref="SessionUser.Organization"/>.</param>
    /// <returns>The same properties.</returns>
    public static AuthenticationProperties SetSessionApplication(this AuthenticationProperties properties, string application)
    {
        ArgumentNullException.ThrowIfNull(properties);
        properties.Items[ApplicationKey] = application;
        return properties;
    }

    internal static string? GetSessionApplication(this AuthenticationProperties properties) =>
        properties.Items.TryGetValue(ApplicationKey, out var application) ? application : null;
}
