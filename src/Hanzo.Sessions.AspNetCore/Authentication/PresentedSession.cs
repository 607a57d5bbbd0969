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
/// <param name="Token">The token; null when it is malformed.</param>
internal sealed record PresentedSession(
    string Scheme,
    SessionValidation Validation,
    ClaimsPrincipal? Principal,
    bool IsBearer,
    Action<HttpContext> ClearCookie,
    SessionToken? Token)
{
    private const string KeyPrefix = "hanzo.presented.";

    private static readonly object ItemsKey = new();

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
        http.Items[ItemsKey] = presented is null ? others : (PresentedSession[])[presented, .. others];
        if (presented is { Validation.IsActive: true })
        {
            http.Features.Get<EdgeLocator>()?.Learn(http);
        }
    }

    /// <summary>Writes the active sessions of the browser into the properties of a sign-in that another site will finish.</summary>
    public static void Carry(HttpContext http, AuthenticationProperties properties)
    {
        foreach (var presented in All(http))
        {
            if (presented is { IsBearer: false, Validation.IsActive: true, Token: { } token })
            {
                properties.Items[KeyPrefix + presented.Scheme] = Convert.ToBase64String(token.Hash().ToArray());
            }
        }
    }

    /// <summary>
    /// Takes the session of a scheme out of the properties of a sign-in: the hash of the token that the browser presented
    /// before it was sent to the provider. Null if there is none.
    /// </summary>
    public static SessionTokenHash? TakeCarried(string scheme, AuthenticationProperties properties)
    {
        var carried = properties.Items.TryGetValue(KeyPrefix + scheme, out var text) ? text : null;
        foreach (var key in properties.Items.Keys.Where(key => key.StartsWith(KeyPrefix, StringComparison.Ordinal)).ToList())
        {
            properties.Items.Remove(key);
        }

        return carried is null ? null : new SessionTokenHash(Convert.FromBase64String(carried));
    }

    // Not a feature: the HttpContext of a SignalR connection by long polling is a copy that has the items alone.
    private static PresentedSession[] All(HttpContext http) => (PresentedSession[]?)http.Items[ItemsKey] ?? [];

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
