namespace Hanzo.Sessions.AspNetCore.Tests.Access.TenantMatrix;

/// <summary>Every route, with every parameter that can name an organization, a user or a session.</summary>
internal static class MatrixRoutes
{
    private const string Admin = "/api/admin/sessions";
    private const string Account = "/api/account/sessions";

    public static IReadOnlyList<MatrixRoute> All { get; } =
    [
        // Lists of administrators: the rows that match, out of those in scope.
        List("", _ => true),
        List("?organization=hanzo", IsHanzo),
        List("?organization=other", it => !IsHanzo(it) && it.User.Name is not "root"),
        List("?organization=nowhere", _ => false),
        List("?user=ada", IsAda),
        List("?organization=hanzo&user=ada", it => IsHanzo(it) && IsAda(it)),
        List("?search=ad", IsAda),
        List("?application=shop", it => it.Application is "shop"),
        List("?ip=192.0.1.71", it => it.IpAddress is "192.0.1.71"),
        List("?view=records", _ => true),
        List("?view=records&organization=hanzo&user=ada", it => IsHanzo(it) && IsAda(it)),
        List("?organization=hanzo&sort=user&order=asc&total=none", IsHanzo),
        Rest("GET", world => $"{Admin}?cursor={world.Cursor}", (world, caller) =>
            MatrixOutcome.Lists(Marks(world.Active.OrderByDescending(it => it.CreatedAt).Skip(1).Where(caller.Administers)))),
        History("", _ => true),
        History("?organization=hanzo", IsHanzo),
        History("?user=ada", IsAda),
        History("?search=ad&organization=hanzo", it => IsHanzo(it) && IsAda(it)),
        Alarms("", _ => true),
        Alarms("?organization=hanzo", IsHanzo),

        Explain(world => world.Shop),
        Explain(world => world.Boss),
        Explain(world => world.All.First(it => it.End is not null)),

        // What administrators end.
        Rest("DELETE", world => $"{Admin}/{world.Shop.Id}", (world, caller) =>
            caller.Administers(world.Shop) ? new MatrixOutcome(204, [], [world.Shop], "") : MatrixOutcome.Refused(404)),
        Rest("DELETE", world => $"{Admin}/{world.Boss.Id}", (world, caller) =>
            !caller.Administers(world.Boss) ? MatrixOutcome.Refused(404)
            : caller.Uses(world.Boss) ? new MatrixOutcome(409, Ids([world.Boss]), [])
            : new MatrixOutcome(204, [], [world.Boss], "")),
        EndAll("?userId=hanzo/ada", "hanzo", "ada"),
        EndAll("?userId=hanzo/ada&application=shop", "hanzo", "ada", "shop"),
        EndAll("?userId=hanzo/ada&keepCurrent=true", "hanzo", "ada", keep: true),
        EndAll("?userId=hanzo/ada&organization=other", "hanzo", "ada"),
        EndAll("?userId=ada", null, "ada"),
        EndAll("?userId=ada&application=shop", null, "ada", "shop"),
        EndAll("?userId=hanzo/boss", "hanzo", "boss"),
        EndAll("?userId=hanzo/boss&keepCurrent=true", "hanzo", "boss", keep: true),
        EndAll("?userId=nowhere/ada", "nowhere", "ada"),
        EndAll("?userId=hanzo/nobody", "hanzo", "nobody"),

        // What users see and end of their own.
        Own("", _ => true),
        Own("?organization=hanzo&user=ada", IsHanzo),
        Own("?user=ada&search=ad", _ => true, byName: true),
        ExplainOwn(world => world.Shop),
        ExplainOwn(world => world.Boss),
        ExplainOwn(world => world.All.First(it => it.End is not null)),
        Personal("DELETE", world => $"{Account}/{world.Shop.Id}", (world, caller) =>
            caller.Owns(world.Shop) ? new MatrixOutcome(204, [], [world.Shop], "") : MatrixOutcome.Refused(404)),
        Personal("DELETE", _ => Account, (world, caller) =>
            MatrixOutcome.EndsCounted([.. world.Active.Where(it => caller.Owns(it) && !caller.Uses(it))])),
        Personal("DELETE", _ => $"{Account}?userId=hanzo/ada&organization=hanzo", (world, caller) =>
            MatrixOutcome.EndsCounted([.. world.Active.Where(it => caller.Owns(it) && !caller.Uses(it))])),

        // The compatible verbs.
        Records("", null, _ => true),
        Records("?owner=hanzo", "hanzo", _ => true),
        Records("?owner=other", "other", _ => true),
        Records("?owner=nowhere", "nowhere", _ => true),
        Records("?owner=hanzo&p=1&pageSize=10", "hanzo", _ => true),
        Records("?p=1&pageSize=20&field=owner&value=hanzo", null, IsHanzo),
        Records("?p=1&pageSize=20&field=name&value=ad", null, IsAda),
        Record("get-session?sessionPkId=hanzo/ada/shop", "hanzo", "ada", "shop"),
        Record("get-session?sessionPkId=hanzo/ada/shop&id=other/ada&owner=other", "hanzo", "ada", "shop"),
        Record("get-session?sessionPkId=hanzo/ada/nothing", "hanzo", "ada", "nothing"),
        Record("get-session?sessionPkId=nowhere/ada/shop", "nowhere", "ada", "shop"),
        Duplicated("?sessionPkId=hanzo/ada/shop", _ => "true"),
        Duplicated("?sessionPkId=hanzo/ada/shop&sessionId={shop}", _ => "false"),
        Duplicated("?sessionPkId=hanzo/ada/nothing&sessionId={shop}", _ => "false"),
        Delete("", "hanzo", "ada", "shop", (_, it) => it.Application is "shop"),
        Delete("?id=other/ada&columns=owner", "hanzo", "ada", "shop", (_, it) => it.Application is "shop"),
        Delete("?sessionId={shop}", "hanzo", "ada", "shop", (world, it) => it.Id == world.Shop.Id),
        Delete("?sessionId={mail}", "hanzo", "ada", "shop", (_, _) => false),
        Delete("", "hanzo", "ada", "nothing", (_, _) => false),
        Delete("", "hanzo", "boss", "web", (_, it) => it.Application is "web"),
        Delete("?sessionId={boss}", "hanzo", "boss", "web", (world, it) => it.Id == world.Boss.Id),
        Delete("?sessionId={shop}", "other", "ada", "shop", (_, _) => false),
        Refused("add-session"),
        Refused("update-session"),
        SignOut("GET", "/api/sso-logout", all: true),
        SignOut("GET", "/v1/iam/sso-logout?logoutAll=false", all: false),
        SignOut("POST", "/api/sso-logout?owner=other&name=ada&id=other/ada&sessionPkId=hanzo/boss/web", all: true),
        SignOut("POST", "/api/sso-logout?logoutAll=false&owner=hanzo&name=boss", all: false),
    ];

    private static MatrixRoute Rest(string method, Func<MatrixWorld, string> path, Func<MatrixWorld, MatrixCaller, MatrixOutcome> outcome) =>
        new(method, path, (world, caller) =>
            caller.IsNobody || caller.Query.Length > 0 ? MatrixOutcome.Refused(401)
            : caller.Scope is null ? MatrixOutcome.Refused(403)
            : outcome(world, caller));

    private static MatrixRoute Personal(string method, Func<MatrixWorld, string> path, Func<MatrixWorld, MatrixCaller, MatrixOutcome> outcome) =>
        new(method, path, (world, caller) =>
            caller.IsNobody || caller.Query.Length > 0 ? MatrixOutcome.Refused(401)
            : caller.IsService ? MatrixOutcome.Refused(403)
            : outcome(world, caller));

    private static MatrixRoute List(string query, Func<Session, bool> matches) => Rest("GET", _ => Admin + query, (world, caller) =>
        MatrixOutcome.Lists(Marks(world.Active.Where(it => caller.Administers(it) && matches(it)))));

    private static MatrixRoute History(string query, Func<Session, bool> matches) => Rest("GET", _ => $"{Admin}/history{query}", (world, caller) =>
        MatrixOutcome.Lists(Marks(world.All.Where(it => it.End is not null && caller.Administers(it) && matches(it)))));

    private static MatrixRoute Explain(Func<MatrixWorld, Session> session) =>
        Rest("GET", world => $"{Admin}/{session(world).Id}", (world, caller) =>
            caller.Administers(session(world)) ? MatrixOutcome.Lists(Marks([session(world)])) : MatrixOutcome.Refused(404));

    private static MatrixRoute Alarms(string query, Func<Session, bool> matches) => Rest("GET", _ => $"{Admin}/alarms{query}", (world, caller) =>
        MatrixOutcome.Lists(world.Active.Where(it => caller.Administers(it) && matches(it)).Select(it => it.IpAddress).OfType<string>()));

    private static MatrixRoute EndAll(string query, string? organization, string name, string? application = null, bool keep = false) =>
        Rest("DELETE", _ => Admin + query, (world, caller) =>
        {
            if ((organization ?? caller.Scope!.Organization) is not { } owner)
            {
                return MatrixOutcome.Refused(400);
            }

            List<Session> selected =
            [
                .. world.Active.Where(it => caller.Administers(it) && it.User == new SessionUser(owner, name)
                    && (application is null || Same(it.Application, application)) && !(keep && caller.Uses(it))),
            ];
            return selected.Find(caller.Uses) is { } current
                ? new MatrixOutcome(409, Ids([current]), [])
                : MatrixOutcome.EndsCounted(selected);
        });

    private static MatrixRoute Own(string query, Func<Session, bool> matches, bool byName = false) => Personal("GET", _ => Account + query, (world, caller) =>
        MatrixOutcome.Lists(Marks(world.Active.Where(it => caller.Owns(it) && matches(it) && (!byName || IsAda(it))))));

    private static MatrixRoute ExplainOwn(Func<MatrixWorld, Session> session) =>
        Personal("GET", world => $"{Account}/{session(world).Id}", (world, caller) =>
            caller.Owns(session(world)) ? MatrixOutcome.Lists(Marks([session(world)])) : MatrixOutcome.Refused(404));

    private static MatrixRoute Verb(
        string method, string path, Func<MatrixWorld, MatrixCaller, MatrixOutcome> outcome, string? body = null) =>
        new(
            method,
            world => ("/api/" + path).Replace("{shop}", $"{world.Shop.Id}", StringComparison.Ordinal)
                .Replace("{mail}", $"{world.Mail.Id}", StringComparison.Ordinal).Replace("{boss}", $"{world.Boss.Id}", StringComparison.Ordinal),
            (world, caller) => caller.IsNobody ? MatrixOutcome.Unauthorized() : outcome(world, caller),
            body);

    private static MatrixRoute Records(string query, string? owner, Func<Session, bool> matches) => Verb("GET", "get-sessions" + query, (world, caller) =>
        caller.Scope is null || (owner is not null && caller.Scope.Organization is { } own && !Same(own, owner))
            ? MatrixOutcome.Unauthorized()
            : MatrixOutcome.Lists(Ids(world.Active.Where(it =>
                caller.Administers(it) && matches(it) && (owner is null || Same(it.User.Organization, owner))))));

    private static MatrixRoute Record(string path, string organization, string name, string application) => Verb("GET", path, (world, caller) =>
    {
        var sessions = world.Active.Where(it => it.User == new SessionUser(organization, name) && Same(it.Application, application)).ToList();
        return !MayActOn(caller, organization, name) ? MatrixOutcome.Unauthorized()
            : sessions.Count == 0 ? MatrixOutcome.Data("null")
            : MatrixOutcome.Lists(Ids(sessions));
    });

    private static MatrixRoute Duplicated(string query, Func<MatrixWorld, string> answer) => Verb("GET", "is-session-duplicated" + query, (world, caller) =>
        MayActOn(caller, "hanzo", "ada") ? MatrixOutcome.Data(answer(world)) : MatrixOutcome.Unauthorized());

    private static MatrixRoute Delete(
        string query, string organization, string name, string application, Func<MatrixWorld, Session, bool> selects) =>
        Verb(
            "POST",
            "delete-session" + query,
            (world, caller) =>
            {
                if (!MayActOn(caller, organization, name))
                {
                    return MatrixOutcome.Unauthorized();
                }

                List<Session> selected =
                    [.. world.Active.Where(it => it.User == new SessionUser(organization, name) && selects(world, it))];
                return selected.Find(caller.Uses) is { } current
                    ? MatrixOutcome.Error($"session id {current.Id} is the current session and cannot be deleted", Ids([current]))
                    : MatrixOutcome.Affects(selected);
            },
            CompatibleRequests.Body(organization, name, application));

    private static MatrixRoute SignOut(string method, string path, bool all) => new(method, _ => path, (world, caller) =>
        caller.IsService ? MatrixOutcome.Error("A client has no sessions of its own.")
        : MatrixOutcome.Data("null") with { Ended = [.. world.Active.Where(it => all ? caller.Owns(it) : caller.Uses(it))] });

    private static MatrixRoute Refused(string verb) => Verb(
        "POST",
        $"{verb}?id=hanzo/ada",
        (_, _) => MatrixOutcome.Error("sessions are created by signing in, and a session id is never taken from a client"),
        CompatibleRequests.Body("hanzo", "ada", "shop"));

    private static bool MayActOn(MatrixCaller caller, string organization, string name)
    {
        var user = new SessionUser(organization, name);
        return caller.Session?.User == user || caller.Scope?.Contains(user) == true;
    }

    private static bool Same(string? left, string? right) => string.Equals(left, right, StringComparison.Ordinal);

    private static bool IsHanzo(Session session) => session.User.Organization is "hanzo";

    private static bool IsAda(Session session) => session.User.Name is "ada";

    private static IEnumerable<string> Ids(IEnumerable<Session> sessions) => sessions.Select(it => it.Id.ToString());

    private static IEnumerable<string> Marks(IEnumerable<Session> sessions) =>
        sessions.SelectMany(it => it.IpAddress is null ? [$"{it.Id}"] : new[] { $"{it.Id}", it.IpAddress });
}
