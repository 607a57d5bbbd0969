using Hanzo.Sessions.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the authentication scheme of session tokens.</summary>
public static class HanzoSessionTokenExtensions
{
    /// <summary>
    /// Adds the scheme <see cref="HanzoSessionTokenDefaults.AuthenticationScheme"/>: a sign-in creates a session and sets its
    /// cookie, every request with the cookie or with <c>Authorization: Bearer</c> is validated, a sign-out ends the session.
    /// Requires <c>AddHanzoSessions</c>.
    /// </summary>
    /// <param name="builder">The result of <c>AddAuthentication</c>.</param>
    /// <param name="configure">Changes settings; null for the defaults.</param>
    public static AuthenticationBuilder AddHanzoSessionToken(
        this AuthenticationBuilder builder, Action<HanzoSessionTokenOptions>? configure = null) =>
        builder.AddHanzoSessionToken(HanzoSessionTokenDefaults.AuthenticationScheme, configure);

    /// <summary>
    /// Adds the scheme under another name. A scheme accepts only its own tokens: after a change of the name, all users must
    /// sign in again. Beside another such scheme, give it its own <see cref="HanzoSessionTokenOptions.CookieName"/>.
    /// </summary>
    /// <param name="builder">The result of <c>AddAuthentication</c>.</param>
    /// <param name="scheme">The name of the scheme.</param>
    /// <param name="configure">Changes settings; null for the defaults.</param>
    public static AuthenticationBuilder AddHanzoSessionToken(
        this AuthenticationBuilder builder, string scheme, Action<HanzoSessionTokenOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddAuthorization();
        builder.Services.AddHostedService<AnonymousAccessCheck>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IExceptionHandler, SessionExceptionHandler>());
        PresentedAtChallenge.AddTo(builder.Services);
        builder.Services.AddOptions<HanzoSessionTokenOptions>(scheme).ValidateOnStart();
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<HanzoSessionTokenOptions>, HanzoSessionTokenOptionsValidator>());
        return builder.AddScheme<HanzoSessionTokenOptions, HanzoSessionTokenHandler>(scheme, configure);
    }
}
