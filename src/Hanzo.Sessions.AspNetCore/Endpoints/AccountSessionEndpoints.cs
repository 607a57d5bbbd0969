using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Users list and end their own sessions. The session of another user looks like an unknown one.</summary>
internal static class AccountSessionEndpoints
{
    private const string Route = "/api/account/sessions";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Route, ListAsync)
            .WithSummary("The caller's own active sessions, and how many of the allowed are used.")
            .Produces<AccountSessionList>().ProducesProblems(400, 401, 403, 412, 503);
        endpoints.MapGet(Route + "/{id}", ExplainAsync)
            .WithSummary("One of the caller's sessions: active and until when, or when and why it ended.")
            .Produces<SessionExplanationItem>().ProducesProblems(401, 403, 404, 412, 503);
        endpoints.MapDelete(Route, TerminateOthersAsync)
            .WithSummary("Ends all of the caller's sessions but the current one.")
            .Produces<EndedAnswer>().ProducesProblems(401, 403, 412, 503);
        endpoints.MapDelete(Route + "/{id}", TerminateAsync)
            .WithSummary("Ends one of the caller's sessions.")
            .Produces(204).ProducesProblems(401, 403, 404, 409, 412, 503);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, SessionManager sessions, [AsParameters] ListParameters parameters)
    {
        var caller = AccountCaller.Of(http);
        var query = parameters.ToQuery(SessionScope.Of(caller.User.Organization), SessionView.Sessions);
        var own = query with { Filter = query.Filter with { User = caller.User.Name } };
        var page = await sessions.ListAsync(own, http.RequestAborted);
        var quota = await sessions.GetQuotaAsync(caller.User, caller.Session.Application, http.RequestAborted);
        var places = PlaceNames.Of(http);
        return JsonAnswer.Of(AccountSessionList.Of(SessionList<SessionItem>.Of(page, session => caller.Item(session, places)), quota));
    }

    private static async Task<IResult> ExplainAsync(HttpContext http, SessionManager sessions, string id)
    {
        var caller = AccountCaller.Of(http);
        var session = SessionId.TryParse(id, out var parsed)
            ? await sessions.FindAsync(SessionScope.Of(caller.User.Organization), parsed, http.RequestAborted)
            : null;
        return session is null || session.User != caller.User
            ? Problems.NotFound(Problems.NoSession)
            : JsonAnswer.Of(SessionExplanationItem.ForItsUser(session, PlaceNames.Of(http)));
    }

    private static async Task<IResult> TerminateAsync(HttpContext http, SessionManager sessions, string id)
    {
        var caller = AccountCaller.Of(http);
        var ended = SessionId.TryParse(id, out var session)
            ? await sessions.TerminateAsync(caller.User, session, caller.Caller, http.RequestAborted)
            : null;
        return ended is null ? Problems.NotFound() : TypedResults.NoContent();
    }

    private static async Task<IResult> TerminateOthersAsync(HttpContext http, SessionManager sessions)
    {
        var caller = AccountCaller.Of(http);
        var ended = await sessions.TerminateAllAsync(caller.User, caller.Caller, keepCurrent: true, http.RequestAborted);
        return JsonAnswer.Of(new EndedAnswer(ended.Count));
    }
}
