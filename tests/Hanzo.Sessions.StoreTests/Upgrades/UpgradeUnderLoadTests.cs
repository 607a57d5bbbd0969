using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Hanzo.Sessions.Testing;

namespace Hanzo.Sessions.StoreTests.Upgrades;

/// <summary>A server of 0.1 and one of this version on one store, while this one upgrades it.</summary>
[TestFixture("shared")]
[TestFixture("postgres")]
public sealed class UpgradeUnderLoadTests(string kind)
{
    private const int Clients = 4;

    private readonly SqliteFolder _folder = new();
    private readonly ConcurrentQueue<string> _faults = [];
    private string _target = "";
    private readonly SemaphoreSlim _round = new(0);
    private int _rounds;
    private long _longest;

    [OneTimeTearDown]
    public void Clear()
    {
        _folder.Delete();
        _round.Dispose();
    }

    [Test, Description("M1 servers of the version before go on serving, restart and stay healthy: nothing is lost, no request fails")]
    public async Task A_server_of_0_1_serves_restarts_and_stays_healthy_while_one_of_this_version_upgrades()
    {
        _target = await MakeAsync();
        using var over = new CancellationTokenSource();
        ConcurrentDictionary<string, string> kept = [];
        await using (var old = Released.Start("serve", kind, _target))
        {
            var address = new Uri(await old.ReadLineAsync());
            var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(() => UseAsync(address, $"client-{client}", kept, over.Token))).ToList();
            await RoundsAsync(20);

            var store = Open();
            await using var closing = (IAsyncDisposable)store;
            await store.PrepareAsync();
            await RoundsAsync(20);
            foreach (var token in kept.Keys)
            {
                await MustBeAliveAsync(store, token);
            }

            await CreateAsync(store);
            await EndAsync(store, address);
            await RoundsAsync(20);
            await MustBeHealthyAsync(address);
            await over.CancelAsync();
            await Task.WhenAll(clients);
        }

        // The old version starts once more, on what this one has made of it, and knows all sessions.
        await using var restarted = Released.Start("serve", kind, _target);
        var again = new Uri(await restarted.ReadLineAsync());
        await MustBeHealthyAsync(again);
        using var http = new HttpClient { BaseAddress = again };
        foreach (var (token, id) in kept)
        {
            Assert.That(await (await SendAsync(http, HttpMethod.Get, "/", token)).Content.ReadAsStringAsync(), Is.EqualTo(id));
        }

        await UseOnceAsync(http, "later", kept);
        Assert.That(_faults, Is.Empty);
        Figures.Report(FormattableString.Invariant(
            $"upgrade beside 0.1, {kind}: sign-ins={_rounds} kept={kept.Count} failed={_faults.Count} longest request={TimeSpan.FromTicks(_longest).TotalMilliseconds:0} ms"));
    }

    /// <summary>This version ends sessions for every reason, and 0.1 refuses and lists them all.</summary>
    private async Task EndAsync(ISessionStore store, Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        foreach (var reason in Enum.GetValues<SessionEndReason>())
        {
            var token = await SignInAsync(http, $"ended-{reason}");
            Assert.That(SessionToken.TryParse(token, out var parsed), Is.True);
            var session = (await store.FindByTokenAsync(parsed.Hash())).Session!;
            await store.TerminateAsync(
                SessionFilter.Of(session.User) with { Id = session.Id }, new SessionEnd(session.CreatedAt, reason, SessionActor.Service("nightly")));
            Must(await SendAsync(http, HttpMethod.Get, "/", token), HttpStatusCode.Unauthorized);
        }

        var ada = await SignInAsync(http, "ada");
        Must(await SendAsync(http, HttpMethod.Get, "/api/admin/sessions/history?limit=100", ada), HttpStatusCode.OK);
    }

    private async Task<string> MakeAsync()
    {
        if (kind is "shared")
        {
            await Released.CopyFileAsync(_folder.File);
            return _folder.File;
        }

        var database = await PostgresDatabase.CreateAsync();
        await Released.RestoreAsync(database.ConnectionString);
        return database.ConnectionString;
    }

    private ISessionStore Open() => kind is "shared" ? SqliteFolder.Open(_target, sharedByProcesses: true) : PostgresDatabase.OpenAs(_target);

    private async Task UseAsync(Uri address, string name, ConcurrentDictionary<string, string> kept, CancellationToken over)
    {
        using var http = new HttpClient { BaseAddress = address };
        for (var round = 1; !over.IsCancellationRequested; round++)
        {
            try
            {
                await UseOnceAsync(http, $"{name}-{round}", kept);
            }
            catch (HttpRequestException fault)
            {
                _faults.Enqueue(fault.Message);
            }
        }
    }

    /// <summary>Signs in twice and out once; keeps the other session.</summary>
    private async Task UseOnceAsync(HttpClient http, string name, ConcurrentDictionary<string, string> kept)
    {
        var (keep, end) = (await SignInAsync(http, name), await SignInAsync(http, name));
        Must(await SendAsync(http, HttpMethod.Get, "/", end), HttpStatusCode.OK);
        Must(await SendAsync(http, HttpMethod.Post, "/logout", end), HttpStatusCode.OK);
        Must(await SendAsync(http, HttpMethod.Get, "/", end), HttpStatusCode.Unauthorized);
        var answer = await SendAsync(http, HttpMethod.Get, "/", keep);
        Must(answer, HttpStatusCode.OK);
        kept[keep] = await answer.Content.ReadAsStringAsync();
        Interlocked.Increment(ref _rounds);
        _round.Release();
    }

    private async Task<string> SignInAsync(HttpClient http, string name)
    {
        var answer = await SendAsync(http, HttpMethod.Post, $"/login?name={name}", token: null);
        Must(answer, HttpStatusCode.OK);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string path, string? token)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        var sent = Stopwatch.GetTimestamp();
        var answer = await http.SendAsync(request);
        var took = Stopwatch.GetElapsedTime(sent).Ticks;
        for (var longest = Volatile.Read(ref _longest); took > longest; longest = Volatile.Read(ref _longest))
        {
            Interlocked.CompareExchange(ref _longest, took, longest);
        }

        return answer;
    }

    private void Must(HttpResponseMessage answer, HttpStatusCode expected)
    {
        if (answer.StatusCode != expected)
        {
            _faults.Enqueue($"{answer.RequestMessage?.RequestUri} was answered {answer.StatusCode}, not {expected}");
        }
    }

    private async Task RoundsAsync(int more)
    {
        for (; more > 0 && _faults.IsEmpty; more--)
        {
            Assert.That(await _round.WaitAsync(TimeSpan.FromSeconds(30)), Is.True, "the clients go on");
        }
    }

    private static async Task MustBeHealthyAsync(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        Assert.That(await http.GetStringAsync(new Uri("/health", UriKind.Relative)), Is.EqualTo("Healthy"));
    }

    private static async Task MustBeAliveAsync(ISessionStore store, string text)
    {
        Assert.That(SessionToken.TryParse(text, out var token), Is.True);
        Assert.That((await store.FindByTokenAsync(token.Hash())).Session?.End, Is.Null);
    }

    private static async Task CreateAsync(ISessionStore store)
    {
        var creation = TestSessions.Of(TestSessions.Alice).At(TimeProvider.System.GetUtcNow());
        Assert.That((await store.CreateAsync(creation)).Outcome, Is.EqualTo(SessionCreationOutcome.Created));
        Assert.That((await store.FindAsync(creation.Session.Id)).Session, Is.Not.Null);
    }
}
