using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Wraps the host's events in ours.</summary>
internal sealed class ProtectedCookieSetup(string scheme, ProtectedCookieOptions settings, ProtectedCookieSessions sessions)
    : IPostConfigureOptions<CookieAuthenticationOptions>
{
    public void PostConfigure(string? name, CookieAuthenticationOptions options)
    {
        if (!string.Equals(name, scheme, StringComparison.Ordinal))
        {
            return;
        }

        if (options.SessionStore is not null)
        {
            throw new InvalidOperationException(
                $"The cookie scheme {scheme} has a SessionStore, and ProtectCookie cannot be combined with one: with a "
                + "ticket store, the holder of an old cookie becomes the user who signs in over it. Remove the SessionStore.");
        }

        var hostEventsType = options.EventsType;
        options.Events = new ProtectedCookieEvents(options.Events, hostEventsType, settings, sessions);
        options.EventsType = null;
    }
}
