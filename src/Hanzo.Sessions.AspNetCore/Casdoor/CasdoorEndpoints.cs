using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// The verbs that clients of Hanzo IAM and Casdoor call. They act on the object that the body or sessionPkId names, and
/// authorization looks at that object: the parameters <c>id</c> and <c>columns</c> are ignored.
/// </summary>
internal static class CasdoorEndpoints
{
    private const int LargestBody = 1024 * 1024;

    private static readonly KeyValuePair<string, SessionTextColumn>[] Fields =
    [
        new("owner", SessionTextColumn.Organization),
        new("name", SessionTextColumn.User),
        new("application", SessionTextColumn.Application),
    ];

    private static readonly KeyValuePair<string, SessionSort>[] SortFields =
    [
        new("owner", SessionSort.User),
        new("name", SessionSort.User),
        new("application", SessionSort.Application),
        new("createdTime", SessionSort.Created),
        new("sessionId", SessionSort.Id),
    ];

    public static void Map(RouteGroupBuilder group, RequestCallers callers)
    {
        var signOut = group.MapGroup(string.Empty).WithMetadata(new GuardedMetadata())
            .AddEndpointFilter(new CasdoorFilter(callers, forSignOut: true));
        foreach (var method in new[] { HttpMethods.Get, HttpMethods.Post })
        {
            Describe(signOut.MapMethods("/sso-logout", [method], SignOutAsync), "Signs out of all of the caller's sessions, or with logoutAll=false of the current one.");
        }

        group = group.MapGroup(string.Empty);
        group.AddEndpointFilter(new CasdoorFilter(callers));
        Describe(group.MapGet("/get-sessions", ListAsync), "The records of an organization: all of them, or with p and pageSize one page.");
        Describe(group.MapGet("/get-session", FindAsync), "The record that sessionPkId (owner/name/application) names.");
        Describe(group.MapGet("/is-session-duplicated", IsDuplicatedAsync), "Whether a record has a session besides the given one.");
        Describe(group.MapPost("/delete-session", DeleteAsync), "Ends one session of a record, or without sessionId all of them.").Accepts<CasdoorRecord>("application/json", "*/*");
        Describe(group.MapPost("/add-session", Refuse), "Always refused.").Accepts<CasdoorRecord>("application/json", "*/*");
        Describe(group.MapPost("/update-session", Refuse), "Always refused.").Accepts<CasdoorRecord>("application/json", "*/*");
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder route, string summary) =>
        route.WithSummary(summary).Produces<CasdoorAnswer>().ProducesProblems(503);

    private static async Task<IResult> ListAsync(
        HttpContext http,
        SessionManager sessions,
        string? owner,
        string? p,
        string? pageSize,
        string? field,
        string? value,
        string? sortField,
        string? sortOrder)
    {
        var query = new SessionQuery
        {
            Filter = new SessionFilter { Scope = Scope(http, owner) },
            Sort = SessionSort.Created,
            Descending = true,
            Limit = SessionQuery.MaxLimit,
        };
        if (string.IsNullOrEmpty(p) || string.IsNullOrEmpty(pageSize))
        {
            var first = await sessions.ListRecordsAsync(query, http.RequestAborted);
            return first.TotalIsExact
                ? new CasdoorStream(RestAsync(sessions, query, first, http.RequestAborted))
                : throw new CasdoorException($"there are more than {SessionQuery.MaxExactTotal} records: use p and pageSize");
        }

        var size = Parameter.Number("pageSize", pageSize, 1, SessionQuery.MaxLimit, 1);
        var skip = (Parameter.Number("p", p, 1, int.MaxValue, 1) - 1L) * size;
        if (!string.IsNullOrEmpty(field) && !string.IsNullOrEmpty(value))
        {
            var substring = new SessionSubstring(Parameter.OneOf("field", field, Fields)!.Value, Parameter.Name("value", value)!);
            query = query with { Filter = query.Filter with { Contains = substring } };
        }

        query = query with
        {
            Sort = Parameter.OneOf("sortField", string.IsNullOrEmpty(sortField) ? null : sortField, SortFields) ?? SessionSort.Created,
            Descending = !string.Equals(sortOrder, "ascend", StringComparison.Ordinal),
        };
        var (records, total) = await PageAsync(sessions, query, skip, size, http.RequestAborted);
        return CasdoorResult.Ok(records, total);
    }

    private static async Task<IResult> FindAsync(HttpContext http, SessionManager sessions, string? sessionPkId)
    {
        var key = CasdoorKey.Parse(sessionPkId);
        Authorize(http, key);
        var query = new SessionQuery { Filter = key.Filter, Limit = 1, Total = SessionTotalMode.None };
        var page = await sessions.ListRecordsAsync(query, http.RequestAborted);
        return CasdoorResult.Ok(page.Items.Select(CasdoorRecord.Of).FirstOrDefault());
    }

    private static async Task<IResult> IsDuplicatedAsync(
        HttpContext http, SessionManager sessions, string? sessionPkId, string? sessionId)
    {
        var key = CasdoorKey.Parse(sessionPkId);
        Authorize(http, key);
        var query = new SessionQuery { Filter = key.Filter, Limit = 2, Total = SessionTotalMode.None };
        var page = await sessions.ListAsync(query, http.RequestAborted);
        return CasdoorResult.Ok(page.Items.Count switch
        {
            0 => false,
            1 => !SessionId.TryParse(sessionId, out var id) || page.Items[0].Id != id,
            _ => true,
        });
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, SessionManager sessions, string? sessionId)
    {
        var key = CasdoorKey.Of(await BodyAsync(http));
        var caller = Authorize(http, key);
        if (string.IsNullOrEmpty(sessionId))
        {
            var ended = await sessions.TerminateRecordAsync(key.User, key.Application, caller, cancellationToken: http.RequestAborted);
            return CasdoorResult.Affected(ended.Count > 0);
        }

        var one = SessionId.TryParse(sessionId, out var id)
            ? await sessions.TerminateAsync(key.User, key.Application, id, caller, http.RequestAborted)
            : null;
        return CasdoorResult.Affected(one is not null);
    }

    /// <summary>Signing out is never refused to protect the current session. The others end first: if that fails, the caller can try again.</summary>
    private static async Task<IResult> SignOutAsync(HttpContext http, SessionManager sessions, string? logoutAll)
    {
        var admission = http.Features.GetRequiredFeature<Admission>();
        if (admission.Account is not { } account)
        {
            return admission.Refusal is { } refusal ? CasdoorResult.Error(refusal) : CasdoorResult.Ok(null);
        }

        if (await LogoutAllAsync(http.Request, logoutAll) is null or "" or "true" or "1")
        {
            await sessions.TerminateAllAsync(account.User, account.Caller, keepCurrent: true, http.RequestAborted);
        }

        await http.SignOutAsync(account.Scheme);
        return CasdoorResult.Ok(null);
    }

    /// <summary>The parameter logoutAll, from the query or a form.</summary>
    private static async Task<string?> LogoutAllAsync(HttpRequest request, string? inQuery)
    {
        if (!request.HasFormContentType)
        {
            return inQuery;
        }

        Limit(request.HttpContext);
        try
        {
            var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            var values = StringValues.Concat(inQuery, form["logoutAll"]);
            ParameterException.ThrowIfRepeated([new("logoutAll", values)]);
            return values;
        }
        catch (Exception fault) when (fault is InvalidDataException or BadHttpRequestException)
        {
            throw new CasdoorException("the form cannot be read");
        }
    }

    private static CasdoorResult Refuse() => CasdoorResult.Error("sessions are created by signing in, and a session id is never taken from a client");

    /// <summary>Reads a page at any depth: beyond the largest offset it follows the cursors.</summary>
    private static async Task<(CasdoorRecord[] Records, long Total)> PageAsync(
        SessionManager sessions, SessionQuery query, long skip, int size, CancellationToken cancellationToken)
    {
        var reached = Math.Min(skip, SessionQuery.MaxOffset);
        var page = await sessions.ListRecordsAsync(
            query with { Offset = (int)reached, Limit = Step(skip, reached, size), Total = SessionTotalMode.Exact }, cancellationToken);
        var total = page.Total!.Value;
        while (reached < skip)
        {
            reached += page.Items.Count;
            if (skip >= total || page.NextCursor is not { } next)
            {
                return ([], total);
            }

            page = await sessions.ListRecordsAsync(
                query with { Cursor = next, Limit = Step(skip, reached, size), Total = SessionTotalMode.None }, cancellationToken);
        }

        return ([.. page.Items.Select(CasdoorRecord.Of)], total);
    }

    private static int Step(long skip, long reached, int size) =>
        reached < skip ? (int)Math.Min(skip - reached, SessionQuery.MaxLimit) : size;

    private static async IAsyncEnumerable<CasdoorRecord> RestAsync(
        SessionManager sessions,
        SessionQuery query,
        SessionPage<SessionRecord> page,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            foreach (var record in page.Items)
            {
                yield return CasdoorRecord.Of(record);
            }

            if (page.NextCursor is not { } next)
            {
                yield break;
            }

            page = await sessions.ListRecordsAsync(
                query with { Cursor = next, Total = SessionTotalMode.None }, cancellationToken);
        }
    }

    /// <summary>The scope that a list may read: the caller must be an administrator of the requested owner.</summary>
    private static SessionScope Scope(HttpContext http, string? owner)
    {
        if (http.Features.GetRequiredFeature<Admission>().Administrator is not { Scope: { } scope })
        {
            throw CasdoorException.Unauthorized();
        }

        if (string.IsNullOrEmpty(owner))
        {
            return scope;
        }

        return scope.Organization is null || string.Equals(owner, scope.Organization, StringComparison.Ordinal)
            ? SessionScope.Of(Parameter.Identifier("owner", owner)!)
            : throw CasdoorException.Unauthorized();
    }

    /// <summary>Lets the user of a record act on it, and an administrator of its organization, whether or not it exists.</summary>
    private static SessionCaller Authorize(HttpContext http, CasdoorKey key)
    {
        var (account, administrator, _) = http.Features.GetRequiredFeature<Admission>();
        return account is not null && account.User == key.User ? account.Caller
            : administrator is not null && administrator.Scope.Contains(key.User) ? administrator.Caller
            : throw CasdoorException.Unauthorized();
    }

    private static async Task<CasdoorRecord?> BodyAsync(HttpContext http)
    {
        Limit(http);
        try
        {
            return await JsonSerializer.DeserializeAsync(
                http.Request.Body, CasdoorJson.Default.CasdoorRecord, http.RequestAborted);
        }
        catch (Exception fault) when (fault is JsonException or BadHttpRequestException)
        {
            throw new CasdoorException("the body is not a session in JSON");
        }
    }

    private static void Limit(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = LargestBody;
        }
    }
}
