using Hanzo.Sessions;
using Hanzo.Sessions.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Joins a cookie scheme that an app has already to sessions.</summary>
public static class ProtectedCookieExtensions
{
    /// <summary>
    /// Makes the cookie of another scheme revocable: a sign-in creates a session, every request validates it, a
    /// sign-out ends it. The cookie stays the framework's. Call it after the scheme was added.
    /// </summary>
    /// <param name="builder">What <c>AddHanzoSessions</c> returned.</param>
    /// <param name="scheme">The name of the cookie scheme, for example <c>Cookies</c> or <c>Identity.Application</c>.</param>
    /// <param name="configure">Changes settings; null for the defaults.</param>
    public static HanzoSessionsBuilder ProtectCookie(
        this HanzoSessionsBuilder builder, string scheme, Action<ProtectedCookieOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        var services = builder.Services;
        var settings = new ProtectedCookieOptions();
        configure?.Invoke(settings);
        services.AddAuthorization();
        services.AddHostedService<AnonymousAccessCheck>();
        services.TryAddSingleton<ProtectedCookieSessions>();
        services.AddOptions<CookieAuthenticationOptions>(scheme).ValidateOnStart();
        services.AddSingleton<IPostConfigureOptions<CookieAuthenticationOptions>>(provider => new ProtectedCookieSetup(
            scheme, settings, provider.GetRequiredService<ProtectedCookieSessions>()));
        services.AddAuthentication().AddScheme<ProtectedCookieRequestOptions, ProtectedCookieRequestHandler>(
            ProtectedCookieRequestHandler.SchemeFor(scheme), options => options.CookieScheme = scheme);
        services.PostConfigure<AuthenticationOptions>(KeepOnlySchemeTheDefault);
        return builder;
    }

    // A single scheme is the default without being named so; ours must not take that from it.
    private static void KeepOnlySchemeTheDefault(AuthenticationOptions options)
    {
        var others = options.Schemes.Where(scheme => !ProtectedCookieRequestHandler.IsScheme(scheme.Name)).ToList();
        if (options.DefaultScheme is null && others.Count == 1)
        {
            options.DefaultScheme = others[0].Name;
        }
    }
}
