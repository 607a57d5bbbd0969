using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>The outcome for the token that a request presented to a scheme. A request has one per scheme.</summary>
/// <param name="Scheme">The scheme.</param>
/// <param name="Validation">The manager's answer.</param>
/// <param name="Principal">The principal; null when the session is not active.</param>
/// <param name="IsBearer">Whether the token came in a header that a browser does not send by itself.</param>
/// <param name="ClearCookie">Tells the browser, in the response of a request, to delete the cookie.</param>
internal sealed record PresentedSession(
    string Scheme, SessionValidation Validation, ClaimsPrincipal? Principal, bool IsBearer, Action<HttpContext> ClearCookie)
{
    private static readonly object Key = new();

    /// <summary>The session of a request: an active one wins over one that is not.</summary>
    /// <param name="http">The request.</param>
    /// <param name="preferred">
    /// The schemes that win if several sessions are active; the last one has priority. If empty, the schemes of
    /// <see cref="HttpContext.User"/>.
    /// </param>
    public static PresentedSession? Of(HttpContext http, params string[] preferred)
    {
        var all = All(http);
        if (all is [] or [_])
        {
            return all is [var only] ? only : null;
        }

        var schemes = preferred.Length > 0 ? preferred : SchemesOfUser(http, all);
        return all.MaxBy(it => it.Validation.IsActive ? 2 + Array.LastIndexOf(schemes, it.Scheme) : 0);
    }

    public static PresentedSession? OfScheme(HttpContext http, string scheme) => Array.Find(All(http), it => it.IsOf(scheme));

    /// <summary>Replaces the outcome for a scheme; null removes it.</summary>
    public static void Set(HttpContext http, string scheme, PresentedSession? presented)
    {
        var others = Array.FindAll(All(http), it => !it.IsOf(scheme));
        http.Items[Key] = presented is null ? others : (PresentedSession[])[presented, .. others];
    }

    // Not a feature: the HttpContext of a SignalR connection by long polling is a copy that has the items alone.
    private static PresentedSession[] All(HttpContext http) => (PresentedSession[]?)http.Items[Key] ?? [];

    /// <summary>
    /// The schemes of the request's user, the most important one last: of several schemes the framework puts the user of
    /// the last one first. If the host has replaced the identities, the schemes that the framework reports.
    /// </summary>
    private static string[] SchemesOfUser(HttpContext http, PresentedSession[] all)
    {
        string[] schemes =
        [
            .. http.User.Identities.Reverse()
                .Select(identity => Array.Find(all, it => it.Principal?.Identities.Contains(identity) == true)?.Scheme)
                .OfType<string>(),
        ];

        // For an endpoint that names several schemes, the framework joins their names.
        return schemes.Length > 0
            ? schemes
            : http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Ticket?.AuthenticationScheme.Split(';') ?? [];
    }

    private bool IsOf(string scheme) => string.Equals(Scheme, scheme, StringComparison.Ordinal);
}
