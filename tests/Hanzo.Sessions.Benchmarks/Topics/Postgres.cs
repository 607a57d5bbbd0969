using Hanzo.Sessions.Benchmarks.Floors;
using Hanzo.Sessions.Benchmarks.Harness;
using Hanzo.Sessions.Benchmarks.Rivals;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using static Hanzo.Sessions.Benchmarks.Harness.Outcome;

namespace Hanzo.Sessions.Benchmarks.Topics;

/// <summary>The store in PostgreSQL, a real server on loopback, among 100,000 sessions.</summary>
internal sealed class Postgres : ITopic
{
    private const string Validate = "validate, PostgreSQL, one client";
    private const string ValidateMany = "validate, PostgreSQL, 16 clients";
    private const string Create = "create under the limit, PostgreSQL";
    private const string Touch = "write an activity down, PostgreSQL, one client";
    private const string TouchMany = "write an activity down, PostgreSQL, 16 clients";
    private const string Terminate = "terminate all 10 sessions of a user, PostgreSQL";
    private const string TerminateMany = "terminate all 100,000 sessions of a user, PostgreSQL";
    private const string ListUser = "list a user's sessions, PostgreSQL";
    private const string Page = "a page of 25 sessions by creation, PostgreSQL";
    private const string RecordPage = "a page of 25 records by user and application, PostgreSQL";
    private const int Sessions = 100_000;
    private const int Asked = 1 << 10;
    private const int Clients = 16;
    private const string Agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private readonly SessionEnd _end = new(Truncate(TimeProvider.System.GetUtcNow()), SessionEndReason.TerminatedByUser, SessionActor.Service("benchmark"));
    private PostgresWorld _world = null!;
    private NpgsqlDataSource _pooled = null!;
    private NpgsqlDataSource _resetting = null!;
    private NpgsqlDataSource _multiplexing = null!;
    private EfCoreTable _ef = null!;
    private RawPostgres[] _raw = [];
    private string[] _tokens = [];
    private byte[][] _hashes = [];
    private byte[][] _efHashes = [];
    private SessionId[] _ids = [];
    private DateTimeOffset _start;
    private int _touches;

    public IReadOnlyList<string> Works { get; } =
        [Validate, Touch, Create, ListUser, Page, RecordPage, Terminate, TerminateMany, ValidateMany, TouchMany];

    public async Task RunAsync(Run run)
    {
        await using var world = await PostgresWorld.StartAsync(run, Sessions);
        _world = world;
        await using var held = world.Connect();
        await using var pooled = _pooled = world.Connect();
        await using var resetting = _resetting = world.Connect("");
        await using var multiplexing = _multiplexing = world.Connect("Multiplexing=true");
        _raw = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => RawPostgres.OpenAsync(held)));
        _tokens = await Population.SignInAsync(world.Manager, Asked, organization: "asked");
        _start = Truncate(TimeProvider.System.GetUtcNow());
        _ids = new SessionId[Asked];
        for (var i = 0; i < Asked; i++)
        {
            _ids[i] = (await world.Manager.ValidateAsync(_tokens[i], passive: true)).Session!.Id;
        }

        _hashes = [.. _tokens.Select(token => SessionToken.TryParse(token, out var parsed) ? parsed.Hash().ToArray() : [])];
        var efDatabase = await world.CreateDatabaseAsync() + ";No Reset On Close=true;Max Auto Prepare=100;Auto Prepare Min Usages=2";
        (_ef, _efHashes) = await EfCoreTable.FillAsync(
            new DbContextOptionsBuilder<EfCoreSessions>().UseNpgsql(efDatabase), Sessions, Asked, last: $"VACUUM ANALYZE");

        await ValidateAsync(run);
        await TouchAsync(run);
        await CreateAsync(run);
        await ListAsync(run);
        await TerminateAsync(run);

        // Last: the pool hands its connections out in turn, so that a single client would from now on meet a cold one
        // at every call.
        await ValidateManyAsync(run);
        await TouchManyAsync(run);
        foreach (var raw in _raw)
        {
            await raw.DisposeAsync();
        }
    }

    private async Task ValidateAsync(Run run)
    {
        var (a, b, c, d, e, f) = (0, 0, 0, 0, 0, 0);
        await run.CompareAsync(
            Validate,
            [
                Contestant.Of("SessionManager, PostgresSessionStore", Role.Ours, () => ValidateAsync(_tokens[a++ % Asked])),
                Contestant.Of("prepared select, connection held", Role.Floor, () => _raw[0].FindAsync(_hashes[b++ % Asked])),
                Contestant.Of("prepared select, pool without reset", Role.Floor, () => RawPostgres.FindAsync(_pooled, _hashes[c++ % Asked])),
                Contestant.Of("prepared select, pool as it comes", Role.Floor, () => RawPostgres.FindAsync(_resetting, _hashes[d++ % Asked])),
                Contestant.Of("prepared select, multiplexing", Role.Floor, () => RawPostgres.FindAsync(_multiplexing, _hashes[e++ % Asked])),
                Contestant.Of("EF Core, compiled, pooled, without reset", Role.Rival, () => EfFindAsync(_efHashes[f++ % Asked])),
            ],
            [Target.AtMost(1.2, "prepared select, connection held"), Target.Bytes(2_000)]);
    }

    private async Task ValidateManyAsync(Run run)
    {
        var (a, b, c, d, e, f) = (0, 0, 0, 0, 0, 0);
        await run.CompareAsync(
            ValidateMany,
            [
                Contestant.Of("SessionManager, PostgresSessionStore", Role.Ours, Clients, client => ValidateAsync(_tokens[(a++ + client) % Asked])),
                Contestant.Of("prepared select, connections held", Role.Floor, Clients, client => _raw[client].FindAsync(_hashes[(b++ + client) % Asked])),
                Contestant.Of("prepared select, pool without reset", Role.Floor, Clients, client => RawPostgres.FindAsync(_pooled, _hashes[(c++ + client) % Asked])),
                Contestant.Of("prepared select, pool as it comes", Role.Floor, Clients, client => RawPostgres.FindAsync(_resetting, _hashes[(d++ + client) % Asked])),
                Contestant.Of("prepared select, multiplexing", Role.Floor, Clients, client => RawPostgres.FindAsync(_multiplexing, _hashes[(e++ + client) % Asked])),
                Contestant.Of("EF Core, compiled, pooled, without reset", Role.Rival, Clients, client => EfFindAsync(_efHashes[(f++ + client) % Asked])),
            ],
            [
                Target.AtLeastBest(
                    0.85,
                    "the best raw variant",
                    "prepared select, connections held",
                    "prepared select, pool without reset",
                    "prepared select, multiplexing"),
            ],
            asRate: true);
    }

    private Task TouchAsync(Run run) => run.CompareAsync(
        Touch,
        [
            Contestant.Of("PostgresSessionStore", Role.Ours, OurTouchAsync),
            Contestant.Of("prepared update, connection held", Role.Floor, () => RawTouchAsync(0, clients: 1)),
        ],
        [Target.AtMost(1.5, "prepared update, connection held")]);

    private Task TouchManyAsync(Run run) => run.CompareAsync(
        TouchMany,
        [
            Contestant.Of("PostgresSessionStore", Role.Ours, Clients, _ => OurTouchAsync()),
            Contestant.Of("prepared update, connections held", Role.Floor, Clients, client => RawTouchAsync(client, Clients)),
        ],
        [Target.AtLeast(1, "prepared update, connections held")],
        asRate: true);

    private async Task OurTouchAsync()
    {
        var (number, at) = NextTouch();
        Must((await _world.Store.TouchAsync(new SessionTouch(_ids[number % (Asked / 2)], at, at.AddHours(24), at))).IsActive);
    }

    private Task RawTouchAsync(int client, int clients)
    {
        // Each client has sessions of its own: on another's, one that was held up would come too late to write anything.
        var (number, at) = NextTouch();
        var session = (number - (number % clients) + client) % (Asked / 2);
        return _raw[client].TouchAsync(_ids[(Asked / 2) + session].Value, at.UtcDateTime);
    }

    // Every activity is a little later than the one before it, so that each is written.
    private (int Number, DateTimeOffset At) NextTouch()
    {
        var number = Interlocked.Increment(ref _touches);
        return (number, _start.AddMilliseconds(number));
    }

    private async Task CreateAsync(Run run)
    {
        var (a, b, c, d) = (0, Sessions / 16, Sessions / 8, 0);
        await run.CompareAsync(
            Create,
            [
                Contestant.Of("SessionManager, PostgresSessionStore", Role.Ours, () => _world.Manager.CreateAsync(new NewSession
                {
                    User = Population.User(a++ % (Sessions / 16)),
                    Application = "shop",
                    IpAddress = System.Net.IPAddress.Loopback,
                    UserAgent = Agent,
                    AuthenticationMethods = "pwd",
                    Payload = new byte[300],
                    PresentedToken = Unknown,
                })),
                Contestant.Of("one batch: lock, replace, count, alarm, insert", Role.Floor, () => _raw[0].CreateAsync(Population.User(b++ % (Sessions / 8)).Name, Now(), UnknownHash)),
                Contestant.Of("plain insert, no limit", Role.Floor, () => _raw[1].InsertAsync(Population.User(c++ % (Sessions / 4)).Name, Now())),
                Contestant.Of("EF Core: count, insert (the limit not exact)", Role.Rival, () => _ef.CreateAsync(EfCoreSession.Of(d, Population.User(d++ % (Sessions / 4)).Name, Now()))),
            ],
            [Target.AtMost(1.2, "one batch: lock, replace, count, alarm, insert")]);
    }

    private async Task ListAsync(Run run)
    {
        var next = 0;
        await run.CompareAsync(
            ListUser,
            [
                Contestant.Of("SessionManager, PostgresSessionStore", Role.Ours, () => _world.Manager.ListAsync(new SessionQuery
                {
                    Filter = SessionFilter.Of(Population.User((Sessions / 8) + (next++ % (Sessions / 16)))),
                    Total = SessionTotalMode.None,
                })),
            ],
            []);
        await new Pages(_world.Manager, "acme").CompareAsync(run, Page, RecordPage, new Contestant("EF Core, OFFSET in the middle", Role.Rival, async times =>
        {
            for (; times > 0; times--)
            {
                Must((await _ef.PageAsync("acme", Sessions / 2)).Count == 25);
            }
        }));
    }

    private async Task TerminateAsync(Run run)
    {
        const int users = 400;
        if (run.Wants(Terminate))
        {
            await _world.FillAsync(0, users * 10, "ten", perUser: 10);
            await run.CompareAsync(
                Terminate,
                [
                    OurTermination("ten", 10, 0, users / 2),
                    RawTermination("ten", 10, users / 2, users / 2),
                ],
                [Target.AtMost(1.5, "one prepared update")],
                special: run.Effort.InLongTurns);
        }

        if (run.Wants(TerminateMany) && !run.IsQuick)
        {
            await _world.FillAsync(0, 200_000, "many", perUser: 100_000);
            await run.CompareAsync(
                TerminateMany,
                [OurTermination("many", 100_000, 0, 1), RawTermination("many", 100_000, 1, 1)],
                [Target.AtMost(1.5, "one prepared update")],
                special: run.Effort with { Rounds = 2 });
        }
    }

    private Contestant OurTermination(string organization, int sessions, int first, int users) =>
        new("PostgresSessionStore", Role.Ours, async times =>
        {
            for (var user = 0; user < times; user++)
            {
                var filter = SessionFilter.Of(new SessionUser(organization, Population.User(first + user).Name));
                Must((await _world.Store.TerminateAsync(new() { Filter = filter, End = _end })).Ended.Count == sessions);
            }
        })
        {
            Prepare = _ => ReviveAsync(organization),
            Most = users,
        };

    private Contestant RawTermination(string organization, int sessions, int first, int users) =>
        new("one prepared update", Role.Floor, async times =>
        {
            for (var user = 0; user < times; user++)
            {
                Must(await _raw[0].TerminateAsync(organization, Population.User(first + user).Name, _end.At.UtcDateTime) == sessions);
            }
        })
        {
            Prepare = _ => ReviveAsync(organization),
            Most = users,
        };

    private async Task ReviveAsync(string organization)
    {
        await _world.ExecuteAsync(
            $"""
            UPDATE hanzo_sessions.sessions SET ended_at = NULL, end_reason = NULL, ended_by = NULL, active_until = expires_at, due_at = expires_at
            WHERE organization = '{organization}' AND ended_at IS NOT NULL
            """);
        await _world.ExecuteAsync("VACUUM ANALYZE hanzo_sessions.sessions");
    }

    private static string Unknown { get; } = SessionToken.New().Reveal();

    private static byte[] UnknownHash { get; } = SessionToken.New().Hash().ToArray();

    private async Task ValidateAsync(string token) => Must((await _world.Manager.ValidateAsync(token)).IsActive);

    private async Task EfFindAsync(byte[] hash) => Must(await _ef.FindAsync(hash) is not null);

    private static DateTime Now() => Truncate(TimeProvider.System.GetUtcNow()).UtcDateTime;

    private static DateTimeOffset Truncate(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
}
