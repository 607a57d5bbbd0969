namespace Hanzo.Sessions.AspNetCore.Tests.Access.TenantMatrix;

/// <summary>Two organizations with equal user names, applications and numbers of sessions, and a third that administers both.</summary>
internal sealed class MatrixWorld : IAsyncDisposable
{
    private MatrixWorld(WebHarness app) => App = app;

    public WebHarness App { get; }

    public List<MatrixCaller> Callers { get; } = [];

    /// <summary>Every session that there is, as it was before the requests.</summary>
    public List<Session> All { get; private set; } = [];

    public IEnumerable<Session> Active => All.Where(it => it.End is null);

    /// <summary>Of hanzo/ada, in the application shop.</summary>
    public Session Shop => All.Single(it => it is { User: { Organization: "hanzo", Name: "ada" }, Application: "shop", End: null });

    /// <summary>Of hanzo/ada, in the application mail.</summary>
    public Session Mail => All.Single(it => it is { User: { Organization: "hanzo", Name: "ada" }, Application: "mail" });

    /// <summary>The session with which hanzo/boss, an administrator, sends requests.</summary>
    public Session Boss => Caller("administrator").Session!;

    /// <summary>Where a list of everything goes on after its first row, the newest session.</summary>
    public string Cursor { get; private set; } = "";

    public static async Task<MatrixWorld> MakeAsync()
    {
        var world = new MatrixWorld(await WebHarness.StartAsync(it =>
        {
            it.WithEverything();
            it.Sessions = options => options.IpSpreadThreshold = 2;
        }));
        await world.FillAsync();
        return world;
    }

    public MatrixCaller Caller(string name) => Callers.Single(it => string.Equals(it.Name, name, StringComparison.Ordinal));

    /// <summary>Those sessions that are no longer as they were.</summary>
    public async Task<IReadOnlyList<Session>> ChangedAsync()
    {
        List<Session> changed = [];
        foreach (var before in All)
        {
            var now = await App.StoredAsync($"{before.Id}");
            if (now.End != before.End || now.LastActiveAt != before.LastActiveAt || now.ActiveUntil != before.ActiveUntil)
            {
                changed.Add(now);
            }
        }

        return changed;
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private async Task FillAsync()
    {
        Callers.Add(new MatrixCaller("nobody", App.Visitor(), null, null));
        await SignInAsync("user", "hanzo", "ada");
        await SignInAsync("same name elsewhere", "other", "ada");
        await SignInAsync("other user", "hanzo", "ben");
        await SignInAsync("administrator", "hanzo", "boss", WebHarness.Administrator);
        await SignInAsync("administrator elsewhere", "other", "boss", WebHarness.Administrator);
        await SignInAsync("administrator of all", "built-in", "root", WebHarness.AdministratorOfAll);
        await SignInAsync("administrator by bearer", "hanzo", "chief", WebHarness.Administrator, bearer: true);
        var ended = await SignInAsync("ended administrator", "hanzo", "boss", WebHarness.AdministratorOfAll);
        await EndAsync(ended);
        foreach (var (number, organization) in new[] { (1, "hanzo"), (2, "other") })
        {
            await AddAsync(organization, "ada", "shop", $"192.0.{number}.71");
            await AddAsync(organization, "ada", "mail", $"192.0.{number}.72");
            await EndAsync(await AddAsync(organization, "ada", "shop", $"192.0.{number}.73"));
        }

        foreach (var (name, client) in new[]
        {
            ("service", ServiceClients.Hanzo), ("service elsewhere", ServiceClients.Other), ("service of all", ServiceClients.All),
        })
        {
            Callers.Add(new MatrixCaller(name, App.Client(client), null, client.Scope));
            Callers.Add(new MatrixCaller(
                name + " by query", App.Visitor(), null, client.Scope, $"clientId={client.ClientId}&clientSecret={ServiceClients.Secret}"));
        }

        var position = await Caller("administrator of all").Visitor.GetAsync("/api/admin/sessions?limit=1");
        Cursor = position.Json.GetProperty("nextCursor").GetString()!;
        for (var index = 0; index < All.Count; index++)
        {
            All[index] = await App.StoredAsync($"{All[index].Id}");
        }

        // A caller whose session has ended is nobody.
        var gone = Caller("ended administrator");
        Callers[Callers.IndexOf(gone)] = gone with { Session = null, Scope = null };
    }

    private async Task<Session> SignInAsync(string caller, string organization, string name, string claims = "", bool bearer = false)
    {
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        var visitor = await App.SignedInAsync(name, organization, $"{claims}&application=web");
        var session = await App.StoredAsync(await visitor.SessionIdAsync());
        if (bearer)
        {
            (visitor.RawCookie, visitor.Authorization) = (string.Empty, $"Bearer {visitor.Token}");
        }

        var scope = claims switch
        {
            WebHarness.Administrator => SessionScope.Of(organization),
            WebHarness.AdministratorOfAll => SessionScope.AllOrganizations,
            _ => null,
        };
        Callers.Add(new MatrixCaller(caller, visitor, session, scope));
        All.Add(session);
        return session;
    }

    private async Task<Session> AddAsync(string organization, string name, string application, string from)
    {
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        var session = await App.AddAsync(organization, name, application, from);
        All.Add(session);
        return session;
    }

    private Task<EndedSession?> EndAsync(Session session) => App.Manager.TerminateAsync(session.User, session.Id, SessionCaller.Service("test"));
}
