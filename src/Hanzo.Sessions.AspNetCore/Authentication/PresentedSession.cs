using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>What became of the token that a request presented to a scheme. A feature of the request.</summary>
/// <param name="Scheme">The scheme.</param>
/// <param name="Validation">What the manager said.</param>
/// <param name="Principal">The principal; null when the session is not active.</param>
/// <param name="IsBearer">Whether it came in a header that a browser does not send by itself.</param>
/// <param name="ClearCookie">Tells the browser to forget the cookie.</param>
internal sealed record PresentedSession(
    string Scheme, SessionValidation Validation, ClaimsPrincipal? Principal, bool IsBearer, Action ClearCookie)
{
    /// <summary>What was presented to another scheme; nearly always nothing.</summary>
    private PresentedSession? Other { get; init; }

    /// <summary>What was presented: an active session before one that is not.</summary>
    /// <param name="http">The request.</param>
    /// <param name="preferred">Of several active ones that of these schemes, the last of them first; none for those that the request's user is of.</param>
    public static PresentedSession? Of(HttpContext http, params string[] preferred)
    {
        var best = http.Features.Get<PresentedSession>();
        if (best?.Other is null)
        {
            return best;
        }

        if (preferred.Length == 0)
        {
            preferred = SchemesOfUser(http, best);
        }

        for (var other = best.Other; other is not null; other = other.Other)
        {
            best = Rank(other) > Rank(best) ? other : best;
        }

        return best;

        // Of several schemes the framework puts the user of the last one first.
        int Rank(PresentedSession it) => it.Validation.IsActive ? 2 + Array.LastIndexOf(preferred, it.Scheme) : 0;
    }

    /// <summary>
    /// The schemes that the request's user is of, the one that counts most at the end. Where the host has put others in
    /// the place of their identities, what the framework says of them.
    /// </summary>
    private static string[] SchemesOfUser(HttpContext http, PresentedSession first)
    {
        string[] schemes = [.. http.User.Identities.Reverse().Select(SchemeOf).OfType<string>()];
        return schemes.Length > 0
            ? schemes

            // An endpoint that names schemes has a user of them; the framework joins their names.
            : http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Ticket?.AuthenticationScheme.Split(';') ?? [];

        string? SchemeOf(ClaimsIdentity identity)
        {
            var it = first;
            while (it is not null && it.Principal?.Identities.Contains(identity) != true)
            {
                it = it.Other;
            }

            return it?.Scheme;
        }
    }

    /// <summary>What was presented to one scheme.</summary>
    public static PresentedSession? OfScheme(HttpContext http, string scheme)
    {
        var presented = http.Features.Get<PresentedSession>();
        while (presented is not null && !string.Equals(presented.Scheme, scheme, StringComparison.Ordinal))
        {
            presented = presented.Other;
        }

        return presented;
    }

    /// <summary>Says what was presented to a scheme, in place of what was said before; null for nothing.</summary>
    public static void Set(HttpContext http, string scheme, PresentedSession? presented)
    {
        var others = Without(http.Features.Get<PresentedSession>(), scheme);
        http.Features.Set(presented is null ? others : others is null ? presented : presented with { Other = others });
    }

    private static PresentedSession? Without(PresentedSession? presented, string scheme) =>
        presented is null ? null
        : string.Equals(presented.Scheme, scheme, StringComparison.Ordinal) ? presented.Other
        : presented with { Other = Without(presented.Other, scheme) };
}
