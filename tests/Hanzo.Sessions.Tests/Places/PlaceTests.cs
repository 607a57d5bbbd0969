using System.Net;

namespace Hanzo.Sessions.Tests;

/// <summary>Where a session is used: what is noticed, written and told of the place of each request.</summary>
public sealed class PlaceTests
{
    private const string Chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
    private const string NewerChrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
    private const string Curl = "curl/8.5.0";
    private static readonly TimeSpan Resolution = TimeSpan.FromSeconds(60);

    [Test, Description("U1 the place of the sign-in is the place of the last use until it changes")]
    public async Task A_session_that_stays_where_it_was_signed_in_has_one_place()
    {
        var it = new Harness();
        var issued = await SignIn(it, "203.0.113.7", Chrome);

        var session = (await Use(it, issued, "203.0.113.7", Chrome)).Session!;

        Assert.That(session.LastUse, Is.Null);
        Assert.That((session.LastIpAddress, session.LastUserAgent), Is.EqualTo(("203.0.113.7", Chrome)));
        Assert.That(it.Observed.Moved, Is.Empty);
    }

    [TestCase(false, Description = "U2 a move is written with that very request")]
    [TestCase(true, Description = "U3 a passive request is not activity, but its move is noticed")]
    public async Task A_request_from_another_place_is_written_and_told_at_once(bool passive)
    {
        var it = new Harness();
        var issued = await SignIn(it, "203.0.113.7", Chrome);
        it.Clock.Advance(TimeSpan.FromSeconds(1));

        var answer = await Use(it, issued, "198.51.100.9", Curl, passive);

        var stored = await it.Stored(issued);
        Assert.That(answer.IsActive);
        Assert.That((stored.IpAddress, stored.UserAgent), Is.EqualTo(("203.0.113.7", Chrome)));
        Assert.That((stored.LastIpAddress, stored.LastUserAgent), Is.EqualTo(("198.51.100.9", Curl)));
        Assert.That(stored.LastUse!.MovedAt, Is.EqualTo(it.Now));
        Assert.That(stored.LastActiveAt, Is.EqualTo(passive ? issued.Session.CreatedAt : it.Now));
        Assert.That(answer.Session, Is.EqualTo(stored));
        var moved = it.Observed.Moved.Single();
        Assert.That(moved.Kinds, Is.EqualTo(SessionMoveKinds.Network | SessionMoveKinds.Agent));
        Assert.That((moved.From.IpAddress, moved.From.UserAgent), Is.EqualTo(("203.0.113.7", Chrome)));
        Assert.That((moved.To.IpAddress, moved.To.UserAgent), Is.EqualTo(("198.51.100.9", Curl)));
        Assert.That(moved.Session.Id, Is.EqualTo(issued.Session.Id));
    }

    [TestCase("203.0.113.200", Chrome, Description = "U5 a phone within its network is no move")]
    [TestCase("203.0.113.7", NewerChrome, Description = "U5 a browser's new version is no move")]
    [TestCase(null, null, Description = "U1 a validation without an address or agent is no move")]
    [TestCase(null, Chrome, Description = "U1 a validation without an address is no move")]
    [TestCase("203.0.113.7", null, Description = "U1 a validation without an agent is no move")]
    [TestCase("203.0.113.7", "", Description = "U1 an empty agent is none")]
    [TestCase("::ffff:203.0.113.7", Chrome, Description = "U1 an IPv4-mapped address is IPv4")]
    public async Task What_is_no_move_is_neither_told_nor_written(string? address, string? agent)
    {
        var it = new Harness();
        var issued = await SignIn(it, "203.0.113.7", Chrome);
        it.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That((await Use(it, issued, address, agent)).IsActive);

        Assert.That(await it.Stored(issued), Is.EqualTo(issued.Session));
        Assert.That(it.Observed.Moved, Is.Empty);
    }

    [Test, Description("U2 the last address within the network, and the browser's version, travel with the activity")]
    public async Task What_is_no_move_is_written_when_activity_is_due()
    {
        var it = new Harness();
        var issued = await SignIn(it, "203.0.113.7", Chrome);
        it.Clock.Advance(Resolution);

        await Use(it, issued, "203.0.113.200", NewerChrome);

        var stored = await it.Stored(issued);
        Assert.That((stored.LastIpAddress, stored.LastUserAgent), Is.EqualTo(("203.0.113.200", NewerChrome)));
        Assert.That(stored.LastUse!.MovedAt, Is.Null);
        Assert.That(stored.LastActiveAt, Is.EqualTo(it.Now));
        Assert.That(it.Observed.Moved, Is.Empty);
    }

    [Test, Description("U1 a browser that alternates between IPv4 and IPv6 moves once, kind family")]
    public async Task A_dual_stack_browser_is_one_move_of_the_family_and_no_more()
    {
        var it = new Harness();
        var issued = await SignIn(it, "203.0.113.7", Chrome);

        for (var i = 0; i < 200; i++)
        {
            it.Clock.Advance(TimeSpan.FromSeconds(7));
            await Use(it, issued, i % 3 == 0 ? "2001:db8:1::7" : "203.0.113.9", Chrome);
        }

        Assert.That(it.Observed.Moved.Select(moved => moved.Kinds), Is.EqualTo(new[] { SessionMoveKinds.Family }));
    }

    [Test, Description("U1 another network of a known family is a move, also after the other family")]
    public async Task Each_family_has_a_network_of_its_own()
    {
        var it = new Harness();
        var issued = await SignIn(it, "203.0.113.7", Chrome);
        foreach (var address in new[] { "2001:db8:1::7", "198.51.100.1", "2001:db8:1::8", "2001:db8:2::1", "198.51.100.2" })
        {
            it.Clock.Advance(Resolution);
            await Use(it, issued, address, Chrome);
        }

        Assert.That(
            it.Observed.Moved.Select(moved => (moved.To.IpAddress, moved.Kinds)),
            Is.EqualTo(new (string?, SessionMoveKinds)[]
            {
                ("2001:db8:1::7", SessionMoveKinds.Family),
                ("198.51.100.1", SessionMoveKinds.Network),
                ("2001:db8:2::1", SessionMoveKinds.Network),
            }));
        Assert.That((await it.Stored(issued)).LastUse!.OtherFamilyIpAddress, Is.EqualTo("2001:db8:2::1"));
    }

    [Test, Description("U1 a session without a known place learns it")]
    public async Task A_session_that_was_created_without_a_place_learns_it_without_a_move()
    {
        var it = new Harness(options => options.OnMove = SessionMoveAction.End);
        var issued = await it.SignIn();
        it.Clock.Advance(Resolution);

        Assert.That((await Use(it, issued, "203.0.113.7", Chrome)).IsActive);

        var stored = await it.Stored(issued);
        Assert.That((stored.LastIpAddress, stored.LastUserAgent), Is.EqualTo(("203.0.113.7", Chrome)));
        Assert.That(it.Observed.Moved, Is.Empty);
        Assert.That((await Use(it, issued, "198.51.100.1", Chrome)).Status, Is.EqualTo(SessionStatus.Terminated));
    }

    [Test, Description("U2 for Tell at most one write per resolution and session; each place is told once per resolution")]
    public async Task Two_clients_that_use_one_session_in_turn_cost_one_write_and_one_event_of_each_place()
    {
        CountedMoves? counted = null;
        var it = new Harness(wrap: store => counted = new CountedMoves(store));
        var issued = await SignIn(it, "203.0.113.7", Chrome);
        for (var i = 0; i < 50; i++)
        {
            it.Clock.Advance(TimeSpan.FromSeconds(1));
            await Use(it, issued, "198.51.100.9", Curl);
            await Use(it, issued, "203.0.113.7", Chrome);
        }

        Assert.That(counted!.Moves, Is.EqualTo(1));
        Assert.That(it.Observed.Moved.Select(moved => moved.To.IpAddress), Is.EqualTo(new[] { "198.51.100.9", "203.0.113.7" }));

        it.Clock.Advance(Resolution);
        await Use(it, issued, "203.0.113.7", Chrome);

        Assert.That(counted.Moves, Is.EqualTo(2));
        Assert.That((await it.Stored(issued)).LastIpAddress, Is.EqualTo("203.0.113.7"));
        Assert.That(it.Observed.Moved, Has.Count.EqualTo(3));
    }

    [Test, Description("U2 at most sixteen places per session, resolution and server, then one event more")]
    public async Task Of_very_many_places_sixteen_are_told_and_one_more()
    {
        var it = new Harness();
        var issued = await SignIn(it, "203.0.113.7", Chrome);
        for (var i = 0; i < 100; i++)
        {
            await Use(it, issued, $"10.0.{i}.1", Chrome);
        }

        var moved = it.Observed.Moved.ToList();
        Assert.That(moved, Has.Count.EqualTo(17));
        Assert.That(moved.Select(it => it.HasMore), Is.EqualTo(Enumerable.Repeat(false, 16).Append(true)));
        Assert.That(it.Log.Lines.Count(line => line.Id.Id == 16), Is.EqualTo(1));
    }

    [Test, Description("U5 End: refused at the first request, reason Moved, by no one; the history keeps the last place")]
    public async Task A_session_that_moves_ends_where_the_host_says_so()
    {
        var it = new Harness(options => options.OnMove = SessionMoveAction.End);
        var issued = await SignIn(it, "203.0.113.7", Chrome);
        it.Clock.Advance(Ms);

        var answer = await Use(it, issued, "198.51.100.9", Curl, passive: true);

        Assert.That(answer.Status, Is.EqualTo(SessionStatus.Terminated));
        Assert.That(answer.Session!.End, Is.EqualTo(new SessionEnd(it.Now, SessionEndReason.Moved, null)));
        Assert.That((await Use(it, issued, "203.0.113.7", Chrome)).Status, Is.EqualTo(SessionStatus.Terminated), "the owner's too: it is one session");
        var history = (await it.Manager.ListHistoryAsync(Harness.All())).Items.Single();
        Assert.That((history.IpAddress, history.LastIpAddress, history.LastUserAgent), Is.EqualTo(("203.0.113.7", "198.51.100.9", Curl)));
        Assert.That(it.Observed.Moved, Has.Count.EqualTo(1));
        Assert.That(it.Observed.Ended.Single().End.Reason, Is.EqualTo(SessionEndReason.Moved));
    }

    [Test, Description("U5 End acts on every move, also shortly after another one was written")]
    public async Task A_move_ends_the_session_also_within_a_resolution_of_the_last()
    {
        var tell = new Harness();
        var issued = await SignIn(tell, "203.0.113.7", Chrome);
        await Use(tell, issued, "198.51.100.9", Chrome);
        var end = new Harness(options => options.OnMove = SessionMoveAction.End, wrap: _ => tell.Store);

        Assert.That((await Use(end, issued, "192.0.2.1", Chrome)).Status, Is.EqualTo(SessionStatus.Terminated));
    }

    [TestCase(SessionMoveKinds.Agent, "198.51.100.9", Chrome, false, Description = "U5 only the agent counts")]
    [TestCase(SessionMoveKinds.Agent, "203.0.113.7", Curl, true, Description = "U5 only the agent counts")]
    [TestCase(SessionMoveKinds.Network, "203.0.113.7", Curl, false, Description = "U5 only the network counts")]
    [TestCase(SessionMoveKinds.Network, "2001:db8::1", Chrome, false, Description = "U5 only the network counts")]
    [TestCase(SessionMoveKinds.Network, "198.51.100.9", Chrome, true, Description = "U5 only the network counts")]
    [TestCase(SessionMoveKinds.None, "198.51.100.9", Curl, false, Description = "U5 nothing counts")]
    public async Task What_counts_is_an_option(SessionMoveKinds counted, string address, string agent, bool isMove)
    {
        var it = new Harness(options => (options.CountedMoves, options.OnMove) = (counted, SessionMoveAction.End));
        var issued = await SignIn(it, "203.0.113.7", Chrome);

        Assert.That((await Use(it, issued, address, agent)).IsActive, Is.Not.EqualTo(isMove));
        it.Clock.Advance(Resolution);
        if (!isMove)
        {
            await Use(it, issued, address, agent);
            Assert.That((await it.Stored(issued)).LastIpAddress, Is.EqualTo(address), "what counts as no move is written with the activity");
        }
    }

    [TestCase(32, 48, "203.0.113.8", true, Description = "U5 prefixes of its own")]
    [TestCase(16, 48, "203.0.200.8", false, Description = "U5 prefixes of its own")]
    [TestCase(24, 64, "2001:db8:0:2::1", true, Description = "U5 prefixes of its own")]
    [TestCase(24, 48, "2001:db8:0:2::1", false, Description = "U5 prefixes of its own")]
    [TestCase(24, 48, "2001:db8:1::1", true, Description = "U5 prefixes of its own")]
    public async Task The_prefixes_are_options(int ipv4, int ipv6, string address, bool isMove)
    {
        var it = new Harness(options => (options.MoveIPv4Prefix, options.MoveIPv6Prefix, options.OnMove) = (ipv4, ipv6, SessionMoveAction.End));
        var issued = await SignIn(it, address.Contains(':', StringComparison.Ordinal) ? "2001:db8:0:1::1" : "203.0.113.7", Chrome);

        Assert.That((await Use(it, issued, address, Chrome)).IsActive, Is.Not.EqualTo(isMove));
    }

    [Test, Description("U5 the host's own function decides, and sees what was found")]
    public async Task The_host_can_decide_what_is_a_move()
    {
        List<(string? Last, string? Place, SessionMoveKinds Found)> asked = [];
        var it = new Harness(options => options.DecideMoves((session, place, found) =>
        {
            asked.Add((session.LastIpAddress, place.IpAddress?.ToString(), found));
            return place.IpAddress!.Equals(IPAddress.Parse("203.0.113.8")) ? SessionMoveKinds.Network : SessionMoveKinds.None;
        }));
        var issued = await SignIn(it, "203.0.113.7", Chrome);

        await Use(it, issued, "203.0.113.7", Chrome);
        await Use(it, issued, "198.51.100.9", Chrome);
        await Use(it, issued, "203.0.113.8", Chrome);

        Assert.That(asked, Is.EqualTo(new (string?, string?, SessionMoveKinds)[]
        {
            ("203.0.113.7", "198.51.100.9", SessionMoveKinds.Network),
            ("203.0.113.7", "203.0.113.8", SessionMoveKinds.None),
        }));
        Assert.That(it.Observed.Moved.Select(moved => moved.To.IpAddress), Is.EqualTo(new[] { "203.0.113.8" }));
    }

    [Test, Description("U6 a move that reaches the threshold is a crossing, announced once")]
    public async Task Moves_count_for_the_alarm_and_cross_its_threshold_once()
    {
        var it = new Harness();
        var first = await SignIn(it, "10.0.0.1", Chrome);
        var second = await SignIn(it, "10.0.1.1", Chrome);
        await Use(it, first, "10.0.2.1", Chrome);
        Assert.That(it.Observed.IpSpreads, Is.Empty);

        await Use(it, second, "10.0.3.1", Chrome);
        it.Clock.Advance(Resolution);
        await Use(it, second, "10.0.4.1", Chrome);

        Assert.That(it.Observed.IpSpreads.Select(alarm => (alarm.Session.Id, alarm.Networks)), Is.EqualTo(new[] { (second.Session.Id, 4) }));
        var spread = (await it.Manager.ListIpSpreadAsync(Harness.Scope)).Items.Single();
        Assert.That(spread.Networks, Is.EqualTo(new[] { "10.0.0.1", "10.0.1.1", "10.0.2.1", "10.0.4.1" }));
    }

    [Test, Description("U2 a request that is refused writes no move")]
    public async Task A_request_for_an_ended_session_writes_no_move()
    {
        var it = new Harness();
        var issued = await SignIn(it, "203.0.113.7", Chrome);
        await it.Manager.SignOutAsync(issued.Session);

        Assert.That((await Use(it, issued, "198.51.100.9", Curl)).IsActive, Is.False);

        Assert.That((await it.Stored(issued)).LastUse, Is.Null);
        Assert.That(it.Observed.Moved, Is.Empty);
    }

    [Test, Description("U2 of requests that saw one place, one moves the session; the others look again")]
    public async Task A_move_that_comes_late_looks_again()
    {
        var raced = false;
        IssuedSession? issued = null;
        Harness? it = null;
        it = new Harness(wrap: store => new CountedMoves(store, beforeMove: async () =>
        {
            if (!raced)
            {
                raced = true;
                await Use(it!, issued!, "192.0.2.1", Chrome);
            }
        }));
        issued = await SignIn(it, "203.0.113.7", Chrome);

        Assert.That((await Use(it, issued, "198.51.100.9", Chrome)).IsActive);

        Assert.That((await it.Stored(issued)).LastIpAddress, Is.EqualTo("192.0.2.1"), "the second write of a resolution");
        Assert.That(it.Observed.Moved.Select(moved => (moved.From.IpAddress, moved.To.IpAddress)), Is.EqualTo(new[]
        {
            ("203.0.113.7", "192.0.2.1"), ("192.0.2.1", "198.51.100.9"),
        }));
    }

    [Test, Description("U2 a request from the known place costs a comparison: no allocation, no write")]
    public async Task A_validation_from_the_known_place_allocates_nothing()
    {
        var options = Microsoft.Extensions.Options.Options.Create(new HanzoSessionsOptions());
        var manager = new SessionManager(new InMemorySessionStore(options), options, new TestClock(), []);
        var newSession = new NewSession { User = Ada, IpAddress = IPAddress.Parse("2001:db8::1"), UserAgent = Chrome };
        var token = (await manager.CreateAsync(newSession)).Token.Reveal();
        var place = new SessionPlace(IPAddress.Parse("2001:db8::2"), Chrome[..10] + Chrome[10..]);
        Validate(1_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var active = Validate(10_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That((active, allocated), Is.EqualTo((10_000, 0L)));

        int Validate(int times)
        {
            var count = 0;
            for (var i = 0; i < times; i++)
            {
                count += IsActive(manager.ValidateAsync(token, place)) ? 1 : 0;
            }

            return count;
        }
    }

    [Test, Description("U2 a long agent is compared as it is kept")]
    public async Task An_agent_that_was_cut_is_known_again()
    {
        var it = new Harness(options => options.OnMove = SessionMoveAction.End);
        var agent = new string('x', 511) + "\U0001F600" + "y";
        var issued = await SignIn(it, "203.0.113.7", agent);

        Assert.That((await Use(it, issued, "203.0.113.7", agent)).IsActive);
    }

    [Test, Description("U4 metric by kind, and a log event")]
    public async Task A_move_is_counted_by_kind_and_logged()
    {
        using var metrics = new RecordedMetrics();
        var it = new Harness();
        var issued = await SignIn(it, "203.0.113.7", Chrome);
        await Use(it, issued, "2001:db8::1", Curl);

        Assert.That(metrics.ValuesOf("hanzo.sessions.moved"), Does.Contain("family_and_agent 1"));
        Assert.That(it.Log.Lines.Single(line => line.Id.Id == 15).Text, Is.EqualTo(
            $"Session {issued.Session.Id} of hanzo/ada is used from another place (Family, Agent): from 2001:db8::1 by {Curl}; before, from 203.0.113.7 by {Chrome}."));
    }

    [Test, Description("U2 a use that is judged apart from the lookup")]
    public async Task A_use_after_a_passive_validation_notices_the_move()
    {
        var it = new Harness();
        var issued = await SignIn(it, "203.0.113.7", Chrome);
        var session = (await it.Validate(issued, passive: true)).Session!;

        var used = await it.Manager.RecordUseAsync(session, Place("198.51.100.9", Chrome), passive: true);

        Assert.That(used!.LastIpAddress, Is.EqualTo("198.51.100.9"));
        Assert.That(it.Observed.Moved, Has.Count.EqualTo(1));
    }

    [Test, Description("U5 a use that is judged apart from the lookup ends too")]
    public async Task A_use_after_a_passive_validation_ends_a_session_that_moves()
    {
        var it = new Harness(options => options.OnMove = SessionMoveAction.End);
        var issued = await SignIn(it, "203.0.113.7", Chrome);
        var session = (await it.Validate(issued, passive: true)).Session!;

        Assert.That(await it.Manager.RecordUseAsync(session, Place("198.51.100.9", Chrome), passive: true), Is.Null);
        Assert.That((await it.EndOf(issued))!.Reason, Is.EqualTo(SessionEndReason.Moved));
    }

    private static bool IsActive(ValueTask<SessionValidation> answer) => answer.IsCompletedSuccessfully && answer.Result.IsActive;

    private static SessionPlace Place(string? address, string? agent) => new(address is null ? null : IPAddress.Parse(address), agent);

    private static Task<IssuedSession> SignIn(Harness it, string address, string agent) =>
        it.Manager.CreateAsync(new NewSession { User = Ada, Application = App, IpAddress = IPAddress.Parse(address), UserAgent = agent });

    private static async Task<SessionValidation> Use(Harness it, IssuedSession issued, string? address, string? agent, bool passive = false) =>
        await it.Manager.ValidateAsync(issued.Token.Reveal(), Place(address, agent), passive);

    private sealed class CountedMoves(ISessionStore inner, Func<Task>? beforeMove = null) : DelegatingSessionStore(inner)
    {
        public int Moves { get; private set; }

        public override async Task<SessionMoveResult> MoveAsync(SessionMove move, CancellationToken cancellationToken = default)
        {
            await (beforeMove?.Invoke() ?? Task.CompletedTask);
            Moves++;
            return await base.MoveAsync(move, cancellationToken);
        }
    }
}
