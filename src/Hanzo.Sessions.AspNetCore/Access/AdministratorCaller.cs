using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>An administrator or a client who calls an endpoint. A feature of the request.</summary>
/// <param name="Scope">The sessions that the caller may see and end.</param>
/// <param name="Caller">The caller as the manager knows it.</param>
/// <param name="Current">The caller's own session; null for a client.</param>
internal sealed record AdministratorCaller(SessionScope Scope, SessionCaller Caller, SessionId? Current)
{
    public static AdministratorCaller Of(HttpContext http) => http.Features.GetRequiredFeature<AdministratorCaller>();

    public SessionItem Item(Session session, PlaceNames places) => new(session, Current, places);
}
