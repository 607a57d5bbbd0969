using Hanzo.Sessions.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the authentication scheme of session tokens.</summary>
public static class HanzoSessionTokenExtensions
{
    /// <summary>
    /// Adds the scheme under the name <see cref="HanzoSessionTokenDefaults.AuthenticationScheme"/>: sign-in makes a
    /// session and sets its cookie, every request with the cookie or with <c>Authorization: Bearer</c> is validated,
    /// sign-out ends the session. Needs <c>AddHanzoSessions</c>.
    /// </summary>
    /// <param name="builder">What <c>AddAuthentication</c> returned.</param>
    /// <param name="configure">Changes settings; null for the defaults.</param>
    public static AuthenticationBuilder AddHanzoSessionToken(
        this AuthenticationBuilder builder, Action<HanzoSessionTokenOptions>? configure = null) =>
        builder.AddHanzoSessionToken(HanzoSessionTokenDefaults.AuthenticationScheme, configure);

    /// <summary>
    /// As the other overload, under another name. A scheme accepts the tokens that it handed out itself, and no other
    /// scheme's: after a change of the name everybody signs in once more. Beside another scheme give it a
    /// <see cref="HanzoSessionTokenOptions.CookieName"/> of its own.
    /// </summary>
    /// <param name="builder">What <c>AddAuthentication</c> returned.</param>
    /// <param name="scheme">The name of the scheme.</param>
    /// <param name="configure">Changes settings; null for the defaults.</param>
    public static AuthenticationBuilder AddHanzoSessionToken(
        this AuthenticationBuilder builder, string scheme, Action<HanzoSessionTokenOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddAuthorization();
        builder.Services.AddHostedService<AnonymousAccessCheck>();
        builder.Services.AddOptions<HanzoSessionTokenOptions>(scheme).ValidateOnStart();
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<HanzoSessionTokenOptions>, HanzoSessionTokenOptionsValidator>());
        return builder.AddScheme<HanzoSessionTokenOptions, HanzoSessionTokenHandler>(scheme, configure);
    }
}
