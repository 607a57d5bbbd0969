using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>A signed-in user who calls an endpoint. A feature of the request.</summary>
/// <param name="Session">The session that the request presented.</param>
/// <param name="Caller">The caller as the manager knows it.</param>
/// <param name="Scheme">The scheme that authenticated the session.</param>
internal sealed record AccountCaller(Session Session, SessionCaller Caller, string Scheme)
{
    public SessionUser User => Session.User;

    public static AccountCaller Of(HttpContext http) => http.Features.GetRequiredFeature<AccountCaller>();

    public SessionItem Item(Session session, PlaceNames places) => new(session, Session.Id, places);
}
