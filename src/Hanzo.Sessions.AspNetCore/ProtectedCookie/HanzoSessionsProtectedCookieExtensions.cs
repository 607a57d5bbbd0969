using Hanzo.Sessions;
using Hanzo.Sessions.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds sessions to an existing cookie scheme.</summary>
public static class HanzoSessionsProtectedCookieExtensions
{
    /// <summary>
    /// Makes the cookie of another scheme revocable: a sign-in creates a session, every request validates it, a sign-out
    /// ends it. The cookie stays the framework's. Call this after adding the scheme.
    /// </summary>
    /// <param name="builder">The result of <c>AddHanzoSessions</c>.</param>
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
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IExceptionHandler, SessionExceptionHandler>());
        services.TryAddSingleton<ProtectedCookieSessions>();
        services.AddOptions<CookieAuthenticationOptions>(scheme).ValidateOnStart();
        services.AddSingleton<IPostConfigureOptions<CookieAuthenticationOptions>>(provider => new ProtectedCookieSetup(
            scheme, settings, provider.GetRequiredService<ProtectedCookieSessions>()));
        services.AddAuthentication().AddScheme<ProtectedCookieRequestOptions, ProtectedCookieRequestHandler>(
            ProtectedCookieRequestHandler.SchemeFor(scheme), options => options.CookieScheme = scheme);
        PresentedAtChallenge.AddTo(services);
        services.PostConfigure<AuthenticationOptions>(KeepOnlySchemeTheDefault);
        return builder;
    }

    // The only scheme is the default one without being named; ours must not change that.
    private static void KeepOnlySchemeTheDefault(AuthenticationOptions options)
    {
        var others = options.Schemes.Where(scheme => !ProtectedCookieRequestHandler.IsScheme(scheme.Name)).ToList();
        if (options.DefaultScheme is null && others.Count == 1)
        {
            options.DefaultScheme = others[0].Name;
        }
    }
}
