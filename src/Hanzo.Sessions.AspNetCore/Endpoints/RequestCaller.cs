using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Who calls an endpoint, after being let through. A feature of the request.</summary>
/// <param name="Session">The caller's own session.</param>
/// <param name="Scope">What the caller may see.</param>
internal sealed record RequestCaller(Session Session, SessionScope Scope)
{
    public SessionUser User => Session.User;

    public SessionCaller Caller { get; } = SessionCaller.Of(Session);

    public static RequestCaller Of(HttpContext http) => http.Features.GetRequiredFeature<RequestCaller>();

    public SessionItem Item(Session session) => SessionItem.Of(session, Session.Id);
}
