using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Runs before every request, so that a failing store is answered 503 on every route that gets the cookie.</summary>
internal sealed class ProtectedCookieRequestHandler(
    IOptionsMonitor<ProtectedCookieRequestOptions> options,
    ILoggerFactory loggerFactory,
    UrlEncoder encoder,
    ProtectedCookieSessions sessions)
    : AuthenticationHandler<ProtectedCookieRequestOptions>(options, loggerFactory, encoder), IAuthenticationRequestHandler
{
    private const string Suffix = ".HanzoSession";

    public static string SchemeFor(string cookieScheme) => cookieScheme + Suffix;

    public static bool IsScheme(string scheme) => scheme.EndsWith(Suffix, StringComparison.Ordinal);

    public Task<bool> HandleRequestAsync()
    {
        // The first registration runs last: after the framework has set a renewed cookie.
        Response.OnStarting(() => sessions.DropLateRenewalAsync(Context, Options.CookieScheme));
        return StoreFailure.IsAnsweredAsync(Context, Logger, AuthenticateAsync);
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Context.AuthenticateAsync(Options.CookieScheme);
}
