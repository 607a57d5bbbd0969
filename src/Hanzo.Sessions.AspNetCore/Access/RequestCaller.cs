using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Who calls an endpoint: a user with a session, or a client with a credential. A feature of the request once it was let through.</summary>
internal sealed record RequestCaller
{
    /// <summary>The caller's own session; null for a client.</summary>
    public Session? Session { get; private init; }

    public ClaimsPrincipal? Principal { get; private init; }

    /// <summary>The scheme that the session was presented to; null for a client.</summary>
    public string? Scheme { get; private init; }

    /// <summary>What the caller may see as an administrator; null for a user who is not known to be one.</summary>
    public SessionScope? Scope { get; init; }

    public required SessionCaller Caller { get; init; }

    public SessionUser? User => Session?.User;

    public static RequestCaller Of(HttpContext http) => http.Features.GetRequiredFeature<RequestCaller>();

    public static RequestCaller Of(Session session, ClaimsPrincipal principal, string scheme) =>
        new() { Session = session, Principal = principal, Scheme = scheme, Caller = SessionCaller.Of(session) };

    public static RequestCaller Of(SessionClient client) =>
        new() { Scope = client.Scope, Caller = SessionCaller.Service(client.ClientId) };

    public SessionItem Item(Session session) => SessionItem.Of(session, Session?.Id);
}
