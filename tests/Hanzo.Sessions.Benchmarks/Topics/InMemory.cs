using System.Net;
using Hanzo.Sessions.Benchmarks.Floors;
using Hanzo.Sessions.Benchmarks.Harness;
using Hanzo.Sessions.Benchmarks.Rivals;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using static Hanzo.Sessions.Benchmarks.Harness.Outcome;

namespace Hanzo.Sessions.Benchmarks.Topics;

/// <summary>One request's share of a session in memory, without HTTP, among 100,000 sessions.</summary>
internal sealed class InMemory : ITopic
{
    private const string Validate = "validate, in memory";
    private const string Unobserved = "validate, in memory, while nobody listens to metrics and traces";
    private const string Placed = "the part of a validation in memory that compares the place";
    private const string CreateAndTerminate = "create and terminate, in memory, with the limit";
    private const string Validations = "validations of two threads, in memory";
    private const string Creations = "creations and terminations of two threads, in memory";
    private const int Sessions = 100_000;
    private const int Asked = 1 << 10;

    public IReadOnlyList<string> Works { get; } = [Validate, Unobserved, Placed, CreateAndTerminate, Validations, Creations];

    public async Task RunAsync(Run run)
    {
        var store = Population.InMemory();
        var manager = Population.Manager(store);
        var tokens = Sample(await Population.SignInAsync(manager, Sessions));
        await ValidateAsync(run, manager, tokens);
        await UnobservedAsync(run, manager, store, tokens);
        await PlacedAsync(run, manager);
        await CreateAsync(run, manager);
        await ThreadsAsync(run, manager, tokens);
    }

    private static string[] Sample(string[] all) => [.. all.Where((_, index) => index % (all.Length / Asked) == 0).Take(Asked)];

    private static async Task ValidateAsync(Run run, SessionManager manager, string[] tokens)
    {
        if (!run.Wants(Validate))
        {
            return;
        }

        var table = new HandWrittenTable();
        var tableTokens = Sample([.. Enumerable.Range(0, Sessions).Select(_ => table.Add())]);
        using var inMemory = new MemoryCacheTicketStore();
        var distributed = new DistributedCacheTicketStore();
        var (inMemoryKeys, distributedKeys) = (new string[Sessions], new string[Sessions]);
        for (var i = 0; i < Sessions; i++)
        {
            var ticket = TenClaims.Ticket($"user-{i}");
            inMemoryKeys[i] = await inMemory.StoreAsync(ticket);
            distributedKeys[i] = await distributed.StoreAsync(ticket);
        }

        (inMemoryKeys, distributedKeys) = (Sample(inMemoryKeys), Sample(distributedKeys));
        var cookies = new TicketDataFormat(new EphemeralDataProtectionProvider().CreateProtector("cookie"));
        var cookie = cookies.Protect(TenClaims.Ticket("ada"));
        var (a, b, c, d) = (0, 0, 0, 0);
        await run.CompareAsync(
            Validate,
            [
                Contestant.Of("SessionManager, InMemorySessionStore", Role.Ours, () => Must(Validated(manager, tokens[a++ % Asked]))),
                Contestant.Of("SHA-256 and a lookup", Role.Floor, () => Must(table.Find(tableTokens[b++ % Asked]) is not null)),
                Contestant.Of("ticket in MemoryCache (no hash, no policy)", Role.Rival, () => Must(inMemory.RetrieveAsync(inMemoryKeys[c++ % Asked]).Result is not null)),
                Contestant.Of("ticket in IDistributedCache, in memory", Role.Rival, () => Must(distributed.RetrieveAsync(distributedKeys[d++ % Asked]).Result is not null)),
                Contestant.Of("decrypting a stock cookie", Role.Rival, () => Must(cookies.Unprotect(cookie) is not null)),
            ],
            [Target.AtMost(1.2, "SHA-256 and a lookup"), Target.Bytes(0)]);
    }

    /// <summary>What it costs that somebody could listen: the floor takes the same steps and cannot be listened to.</summary>
    private static Task UnobservedAsync(Run run, SessionManager manager, InMemorySessionStore store, string[] tokens)
    {
        var longest = TimeSpan.FromHours(1);
        var (a, b) = (0, 0);
        return run.CompareAsync(
            Unobserved,
            [
                Contestant.Of("SessionManager, InMemorySessionStore", Role.Ours, () => Must(Validated(manager, tokens[a++ % Asked]))),
                Contestant.Of("the same steps, which nobody can listen to", Role.Floor, () => Must(IsActive(tokens[b++ % Asked]))),
            ],
            [Target.AtMost(1.03, "the same steps, which nobody can listen to")]);

        bool IsActive(string text)
        {
            if (!SessionToken.TryParse(text, out var token))
            {
                return false;
            }

            var hash = token.Hash();
            var now = TimeProvider.System.GetUtcNow();
            now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
            var find = store.FindByTokenAsync(hash);
            return find.IsCompletedSuccessfully && find.Result.Session is { } session && session.IsActive(now) && now - session.LastActiveAt < longest;
        }
    }

    /// <summary>
    /// What the comparison with the last place costs, of an IPv6 address and a browser's whole agent. Without the lookup and the
    /// hash: they take far longer, and vary by more than the comparison does.
    /// </summary>
    private static async Task PlacedAsync(Run run, SessionManager manager)
    {
        const string agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        var sessions = new Session[Asked];
        for (var i = 0; run.Wants(Placed) && i < Asked; i++)
        {
            var newSession = New(Sessions / 8 + i) with { IpAddress = IPAddress.Parse("2001:db8::1"), UserAgent = agent };
            var token = (await manager.CreateAsync(newSession)).Token.Reveal();
            sessions[i] = (await manager.ValidateAsync(token)).Session!;
        }

        // A request has a text and an address of its own.
        var place = new SessionPlace(IPAddress.Parse("2001:db8::2"), string.Concat(agent.AsSpan(0, 1), agent.AsSpan(1)));
        var (a, b) = (0, 0);
        await run.CompareAsync(
            Placed,
            [
                Contestant.Of("a use with a place", Role.Ours, () => Must(Used(manager.RecordUseAsync(sessions[a++ % Asked], place, passive: true)))),
                Contestant.Of("the same without a place", Role.Floor, () => Must(Used(manager.RecordUseAsync(sessions[b++ % Asked], default, passive: true)))),
            ],
            [Target.AtMostMore(20, "the same without a place"), Target.Bytes(0)]);
    }

    private static async Task CreateAsync(Run run, SessionManager manager)
    {
        var table = new HandWrittenTable();
        using var inMemory = new MemoryCacheTicketStore();
        var distributed = new DistributedCacheTicketStore();
        var ticket = TenClaims.Ticket("ada");
        for (var i = 0; run.Wants(CreateAndTerminate) && i < Sessions; i++)
        {
            table.Add();
            await inMemory.StoreAsync(ticket);
            await distributed.StoreAsync(ticket);
        }

        var next = 0;
        await run.CompareAsync(
            CreateAndTerminate,
            [
                Contestant.Of("SessionManager, InMemorySessionStore", Role.Ours, () => CreateAndTerminateAsync(manager, next++ % (Sessions / 4))),
                Contestant.Of("random token, add, remove", Role.Floor, () => Must(table.Remove(table.Add()))),
                Contestant.Of("ticket in MemoryCache (no limit)", Role.Rival, async () => await inMemory.RemoveAsync(await inMemory.StoreAsync(ticket))),
                Contestant.Of("ticket in IDistributedCache, in memory (no limit)", Role.Rival, async () => await distributed.RemoveAsync(await distributed.StoreAsync(ticket))),
            ],
            [Target.AtMost(3, "random token, add, remove"), Target.Bytes(400)]);
    }

    private static async Task ThreadsAsync(Run run, SessionManager manager, string[] tokens)
    {
        var clients = Math.Min(2, Environment.ProcessorCount);
        var table = new HandWrittenTable();
        var tableTokens = Sample([.. Enumerable.Range(0, Sessions).Select(_ => table.Add())]);
        await run.CompareAsync(
            Validations,
            [
                Threads("two threads", Role.Ours, clients, Validating),
                Threads("one thread", Role.Floor, 1, Validating),
                Threads("two threads, SHA-256 and a lookup", Role.Floor, clients, Finding),
                Threads("one thread, SHA-256 and a lookup", Role.Floor, 1, Finding),
            ],
            [Target.AtLeast(1.6, "one thread"), Target.AtMost(1.2, "two threads, SHA-256 and a lookup")],
            asRate: true);
        await run.CompareAsync(
            Creations,
            [Threads("two threads", Role.Ours, clients, Creating), Threads("one thread", Role.Floor, 1, Creating)],
            [Target.AtLeast(1.6, "one thread")],
            asRate: true);

        Task Validating(int client)
        {
            for (var i = 0; i < 100; i++)
            {
                Must(Validated(manager, tokens[(client * 500) + i]));
            }

            return Task.CompletedTask;
        }

        Task Finding(int client)
        {
            for (var i = 0; i < 100; i++)
            {
                Must(table.Find(tableTokens[(client * 500) + i]) is not null);
            }

            return Task.CompletedTask;
        }

        async Task Creating(int client)
        {
            for (var i = 0; i < 100; i++)
            {
                await CreateAndTerminateAsync(manager, (client * 1000) + i);
            }
        }
    }

    private static Contestant Threads(string name, Role role, int clients, Func<int, Task> work) => Contestant.Of(name, role, clients, work, batch: 100);

    private static async Task CreateAndTerminateAsync(SessionManager manager, int user)
    {
        var issued = await manager.CreateAsync(New(user));
        Must(await manager.SignOutAsync(issued.Session));
    }

    private static NewSession New(int user) => new() { User = Users[user], Application = "shop", Payload = Payload };

    private static readonly SessionUser[] Users = [.. Enumerable.Range(0, Sessions / 4).Select(Population.User)];

    private static readonly byte[] Payload = new byte[300];

    private static bool Used(ValueTask<Session?> use) => use.IsCompletedSuccessfully && use.Result is not null;

    private static bool Validated(SessionManager manager, string token) => Validated(manager.ValidateAsync(token));

    private static bool Validated(ValueTask<SessionValidation> answer) => answer.IsCompletedSuccessfully && answer.Result.IsActive;
}
