using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Administrators list and end the sessions of their scope. A session out of scope looks like an unknown one.</summary>
internal static class AdminSessionEndpoints
{
    private const string Route = "/api/admin/sessions";

    private static readonly KeyValuePair<string, SessionView>[] Views =
        [new("sessions", SessionView.Sessions), new("records", SessionView.Records)];

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Route, ListAsync)
            .WithSummary("Active sessions, or records of a user in an application (view=records).")
            .Produces<SessionList<SessionItem>>().ProducesProblems(400, 401, 403, 412, 503);
        endpoints.MapGet(Route + "/history", ListHistoryAsync)
            .WithSummary("Ended sessions, with when, why and by whom.")
            .Produces<SessionList<EndedSessionItem>>().ProducesProblems(400, 401, 403, 412, 503);
        endpoints.MapGet(Route + "/alarms", ListAlarmsAsync)
            .WithSummary("Users whose active sessions come from many addresses, as counted at countedAt; null while the first count is under way.")
            .Produces<AlarmList>().ProducesProblems(400, 401, 403, 412, 503);
        endpoints.MapGet(Route + "/{id}", ExplainAsync)
            .WithSummary("One session: active and until when, or when, why and by whom it ended.")
            .Produces<SessionExplanationItem>().ProducesProblems(401, 403, 404, 412, 503);
        endpoints.MapDelete(Route, TerminateAllAsync)
            .WithSummary("Ends all sessions of a user, or those in one application.")
            .Produces<EndedAnswer>().ProducesProblems(400, 401, 403, 409, 412, 503);
        endpoints.MapDelete(Route + "/{id}", TerminateAsync)
            .WithSummary("Ends one session.")
            .Produces(204).ProducesProblems(401, 403, 404, 409, 412, 503);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, SessionManager sessions, [AsParameters] ListParameters parameters, string? view)
    {
        var caller = AdministratorCaller.Of(http);
        var rows = Parameter.OneOf("view", view, Views) ?? SessionView.Sessions;
        var query = parameters.ToQuery(caller.Scope, rows);
        var places = PlaceNames.Of(http);
        if (rows == SessionView.Sessions)
        {
            var page = await sessions.ListAsync(query, http.RequestAborted);
            return JsonAnswer.Of(SessionList<SessionItem>.Of(page, session => caller.Item(session, places)));
        }

        var records = await sessions.ListRecordsAsync(query, http.RequestAborted);
        return JsonAnswer.Of(SessionList<SessionRecordItem>.Of(records, record => SessionRecordItem.Of(record, session => caller.Item(session, places))));
    }

    private static async Task<IResult> ListHistoryAsync(
        HttpContext http, SessionManager sessions, [AsParameters] ListParameters parameters)
    {
        var query = parameters.ToQuery(AdministratorCaller.Of(http).Scope, SessionView.History);
        var page = await sessions.ListHistoryAsync(query, http.RequestAborted);
        var places = PlaceNames.Of(http);
        return JsonAnswer.Of(SessionList<EndedSessionItem>.Of(page, session => new EndedSessionItem(session, places)));
    }

    private static async Task<IResult> ListAlarmsAsync(
        HttpContext http, SessionManager sessions, TimeProvider clock, string? organization, string? limit, string? offset)
    {
        var query = new ListParameters { Organization = organization, Limit = limit, Offset = offset }
            .ToQuery(AdministratorCaller.Of(http).Scope, SessionView.Sessions);
        if (query.Filter.Id is not null)
        {
            // Out of scope looks like an organization that has no alarm.
            var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
            return JsonAnswer.Of(new AlarmList([], query.Limit, query.Offset, now.UtcDateTime));
        }

        return JsonAnswer.Of(AlarmList.Of(
            await sessions.ListIpSpreadAsync(query.Filter.Scope, query.Limit, query.Offset, http.RequestAborted)));
    }

    private static async Task<IResult> ExplainAsync(HttpContext http, SessionManager sessions, string id)
    {
        var session = SessionId.TryParse(id, out var parsed)
            ? await sessions.FindAsync(AdministratorCaller.Of(http).Scope, parsed, http.RequestAborted)
            : null;
        return session is null
            ? Problems.NotFound(Problems.NoSession)
            : JsonAnswer.Of(new SessionExplanationItem(session, PlaceNames.Of(http)));
    }

    private static async Task<IResult> TerminateAsync(HttpContext http, SessionManager sessions, string id)
    {
        var caller = AdministratorCaller.Of(http);
        var ended = SessionId.TryParse(id, out var session)
            ? await sessions.TerminateAsync(caller.Scope, session, caller.Caller, http.RequestAborted)
            : null;
        return ended is null ? Problems.NotFound() : TypedResults.NoContent();
    }

    private static async Task<IResult> TerminateAllAsync(
        HttpContext http, SessionManager sessions, string? userId, string? application, string? keepCurrent)
    {
        var caller = AdministratorCaller.Of(http);
        var user = User(userId, caller.Scope);
        var app = Parameter.Identifier("application", application);
        var keep = Parameter.Flag("keepCurrent", keepCurrent);
        if (!caller.Scope.Contains(user))
        {
            return JsonAnswer.Of(new EndedAnswer(0));
        }

        var ended = app is null
            ? await sessions.TerminateAllAsync(user, caller.Caller, keep, http.RequestAborted)
            : await sessions.TerminateRecordAsync(user, app, caller.Caller, keep, http.RequestAborted);
        return JsonAnswer.Of(new EndedAnswer(ended.Count));
    }

    private static SessionUser User(string? userId, SessionScope scope)
    {
        if (string.IsNullOrEmpty(userId))
        {
            throw new ParameterException("userId", "userId is missing; it must name whose sessions to end, as organization/name.");
        }

        return SessionUser.TryParse(userId, scope.Organization, out var user)
            ? user
            : throw Parameter.Refused(
                "userId", userId, scope.Organization is null ? "organization/name" : "organization/name, or a name in your organization");
    }
}
