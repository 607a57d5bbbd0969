using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>An app that signs in with the framework's own cookie; the keys that protect it can be shared.</summary>
internal static class CookieApp
{
    public const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;
    public const string CookieName = ".AspNetCore.Cookies";

    /// <summary>The app before sessions came in.</summary>
    public static Task<WebHarness> StartOldAsync(
        IDataProtectionProvider keys, Action<CookieAuthenticationOptions>? cookie = null) => WebHarness.StartAsync(settings =>
        {
            settings.MapsHanzoSessions = false;
            settings.Authentication = services => AddCookie(services, keys, cookie);
        });

    /// <summary>The app with its cookie joined to sessions.</summary>
    public static Task<WebHarness> StartAsync(
        IDataProtectionProvider? keys = null,
        Action<ProtectedCookieOptions>? protect = null,
        Action<WebSettings>? settings = null,
        Action<CookieAuthenticationOptions>? cookie = null) => WebHarness.StartAsync(it =>
        {
            it.Authentication = services =>
            {
                AddCookie(services, keys ?? new EphemeralDataProtectionProvider(), cookie);
                services.AddHanzoSessions().ProtectCookie(Scheme, protect);
            };
            settings?.Invoke(it);
        });

    private static void AddCookie(
        IServiceCollection services, IDataProtectionProvider keys, Action<CookieAuthenticationOptions>? configure)
    {
        services.AddAuthentication().AddCookie(options => configure?.Invoke(options));
        services.AddSingleton(keys);
    }
}
