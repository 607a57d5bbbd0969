using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.Tests;

/// <summary>Every instrument, as the OpenTelemetry SDK collects it.</summary>
public sealed class MetricTests
{
    private RecordedMetrics _metrics = null!;

    [SetUp]
    public void Listen() => _metrics = new RecordedMetrics();

    [TearDown]
    public void StopListening() => _metrics.Dispose();

    [Test, Description("C4 created and refused")]
    public async Task Created_and_refused_sign_ins_are_counted()
    {
        var it = new Harness(options => options.MaxSessions = 2);
        await it.SignIn(2);
        await Assert.ThrowsAsync<SessionLimitExceededException>(() => it.SignIn());

        Assert.That(_metrics.ValuesOf("hanzo.sessions.created"), Is.EqualTo(new[] { "2" }));
        Assert.That(_metrics.ValuesOf("hanzo.sessions.refused"), Is.EqualTo(new[] { "1" }));
    }

    [Test, Description("T9 ended, by reason")]
    public async Task Ended_sessions_are_counted_by_reason()
    {
        var it = new Harness(options => (options.MaxSessions, options.AtLimit) = (2, SessionLimitAction.EndOldest));
        await it.SignIn(3); // one is evicted
        var (own, other) = (await it.SignIn(Ben), await it.SignIn(Ben));
        await it.Manager.TerminateAsync(Ben, other.Session.Id, Using(own));
        var over = await it.SignIn(Ben, over: own.Token.Reveal());
        await it.Manager.SignOutAsync(over.Session);
        await it.SignIn(Ben);
        await it.Manager.TerminateAllAsync(Ben, Service);
        await it.SignIn(Ben);
        await it.Manager.TerminateUserAsync(Ben, SessionEndReason.PasswordChanged, SessionActor.Of(Ben));
        await it.SignIn(Ben);
        await it.Manager.TerminateUserAsync(Ben, SessionEndReason.UserDisabled, SessionActor.Of(Ada));
        await it.SignIn(Ben);
        await it.Manager.TerminateUserAsync(Ben, SessionEndReason.UserDeleted, SessionActor.Of(Ada));
        await it.Manager.CreateAsync(new NewSession { User = Ben, ExpiresAt = it.Now.AddMinutes(1) });
        it.Clock.Advance(TimeSpan.FromHours(1));
        await it.Manager.CleanUpAsync();

        Assert.That(_metrics.ValuesOf("hanzo.sessions.ended"), Is.EqualTo(new[]
        {
            "evicted 1", "expired 1", "idle_timeout 2", "password_changed 1", "replaced 1", "signed_out 1",
            "terminated_by_admin 1", "terminated_by_user 1", "user_deleted 1", "user_disabled 1",
        }));
    }

    [Test, Description("V1 validations by result, and how long they took")]
    public async Task Validations_are_counted_and_timed_by_result()
    {
        var it = new Harness(wrap: store => new SlowStore(store));
        ((SlowStore)it.Store).Clock = it.Clock;
        var issued = await it.SignIn();
        var ended = await it.SignIn();
        await it.Manager.SignOutAsync(ended.Session);
        await it.StatusOf(issued);
        await it.StatusOf(issued);
        await it.StatusOf(ended);
        await it.Manager.ValidateAsync("nonsense");
        await it.Manager.ValidateAsync(SessionToken.New().Reveal());
        it.Clock.Advance(TimeSpan.FromHours(1));
        await it.StatusOf(issued);

        string[] expected = ["active 2", "idle_timeout 1", "malformed 1", "terminated 1", "unknown 1"];
        Assert.That(_metrics.ValuesOf("hanzo.sessions.validations"), Is.EqualTo(expected));
        Assert.That(_metrics.ValuesOf("hanzo.sessions.validation.duration"), Is.EqualTo(expected));
        var active = _metrics.Collect().Single(series =>
            series is { Name: "hanzo.sessions.validation.duration" } && series.Tags.Values.Any(value => value is "active"));
        Assert.That(active.Unit, Is.EqualTo("s"));
        Assert.That(active.Seconds, Is.EqualTo(0.006).Within(1e-9));
    }

    [Test, Description("V6 a failed validation is counted as an error, a cancelled one is not")]
    public async Task A_validation_that_fails_is_an_error_and_one_that_is_cancelled_is_none()
    {
        var store = new Mock<ISessionStore>();
        var it = new Harness(wrap: _ => store.Object);
        using var cancellation = new CancellationTokenSource();
        store.SetupSequence(mock => mock.FindByTokenAsync(It.IsAny<SessionTokenHash>(), It.IsAny<CancellationToken>()))
            .Returns(() => ValueTask.FromException<FoundSession>(new TimeoutException("away")))
            .Returns(() => ValueTask.FromException<FoundSession>(new IOException("gone")))
            .Returns(() =>
            {
                cancellation.Cancel();
                return ValueTask.FromException<FoundSession>(new OperationCanceledException(cancellation.Token));
            });
        var token = SessionToken.New().Reveal();

        await Assert.ThrowsAsync<TimeoutException>(async () => await it.Manager.ValidateAsync(token));
        await Assert.ThrowsAsync<IOException>(async () => await it.Manager.ValidateAsync(token));
        await Assert.ThatAsync(
            async () => await it.Manager.ValidateAsync(token, cancellationToken: cancellation.Token), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(_metrics.ValuesOf("hanzo.sessions.validations"), Is.EqualTo(new[] { "cancelled 1", "error 2" }));
        Assert.That(_metrics.ValuesOf("hanzo.sessions.store.errors"), Is.EqualTo(new[]
        {
            "System.IO.IOException find_by_token 1", "System.TimeoutException find_by_token 1",
        }));
    }

    [Test, Description("K2 clocks that differ are no failure of the store")]
    public async Task A_call_that_is_refused_because_of_the_clocks_is_timed_and_no_error()
    {
        var store = new Mock<ISessionStore>();
        var it = new Harness(wrap: _ => store.Object);
        store.Setup(mock => mock.CreateAsync(It.IsAny<SessionCreation>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new SessionClockException(it.Now, it.Now.AddHours(2)));

        await Assert.ThrowsAsync<SessionClockException>(() => it.SignIn());

        Assert.That(_metrics.ValuesOf("hanzo.sessions.store.errors"), Is.Empty);
        Assert.That(_metrics.ValuesOf("hanzo.sessions.store.duration"), Has.Count.EqualTo(1));
    }

    [Test, Description("How long each call of the store took")]
    public async Task Calls_of_the_store_are_timed_by_operation()
    {
        var it = new Harness(wrap: store => new SlowStore(store));
        ((SlowStore)it.Store).Clock = it.Clock;
        var issued = await it.SignIn();
        await it.StatusOf(issued);
        await it.Manager.RotateAsync(issued.Token.Reveal());
        await it.Manager.FindAsync(Scope, issued.Session.Id);
        await it.Manager.ListAsync(All());
        await it.Manager.ListRecordsAsync(All());
        await it.Manager.ListHistoryAsync(All());
        await it.Manager.ListIpSpreadAsync(Scope);
        await it.Manager.GetQuotaAsync(Ada, App);
        it.Clock.Advance(TimeSpan.FromMinutes(30));
        await it.Manager.RecordUseAsync(issued.Session, default);
        await it.Manager.TerminateAllAsync(Ada, Service);
        await it.Manager.CleanUpAsync();
        var late = await it.SignIn();
        it.Clock.Advance(TimeSpan.FromHours(1));
        await it.StatusOf(late);

        Assert.That(_metrics.ValuesOf("hanzo.sessions.store.duration"), Is.EqualTo(new[]
        {
            "count 1", "create 2", "expire 1", "expire_batch 1", "find 1", "find_by_token 2", "list 2", "list_ip_spread 1",
            "list_records 1", "purge 1", "rotate 1", "terminate 1", "touch 1",
        }));
        var find = _metrics.Collect().Single(series => series.Tags.Values.Any(value => value is "find_by_token"));
        Assert.That(find.Seconds, Is.EqualTo(0.006).Within(1e-9));
        Assert.That(find.Tags.Keys, Is.EqualTo(new[] { "hanzo.sessions.operation" }));
    }

    [Test, Description("V3 activity that was sent to the store")]
    public async Task Activity_writes_are_counted()
    {
        var it = new Harness();
        var issued = await it.SignIn();
        await it.StatusOf(issued);
        it.Clock.Advance(TimeSpan.FromMinutes(2));
        await it.StatusOf(issued);
        await it.StatusOf(issued);

        Assert.That(_metrics.ValuesOf("hanzo.sessions.activity.writes"), Is.EqualTo(new[] { "1" }));
    }

    [Test, Description("A1 crossings of the threshold of addresses")]
    public async Task Users_on_many_addresses_are_counted_once_per_crossing()
    {
        var it = new Harness(options => options.IpSpreadThreshold = 2);
        await it.SignIn(ip: "203.0.113.1");
        await it.SignIn(ip: "203.0.113.2");
        await it.SignIn(ip: "203.0.113.3");

        Assert.That(_metrics.ValuesOf("hanzo.sessions.ip_spread"), Is.EqualTo(new[] { "1" }));
    }

    [Test, Description("K1 what clean-up removed and how long it took; the active sessions after it")]
    public async Task Clean_up_is_counted_and_timed_and_followed_by_a_count_of_active_sessions()
    {
        var it = new Harness(options => options.HistoryRetention = TimeSpan.Zero);
        await it.SignIn(3);
        it.Clock.Advance(TimeSpan.FromHours(1));
        await it.SignIn(2, Ben);
        using var service = new SessionCleanupService(it.Manager, Options.Create(it.Settings), it.Clock);
        await service.StartAsync(CancellationToken.None);
        await it.Clock.WaitForTimersAsync();
        it.Clock.AdvanceToNextTimer();
        await it.Clock.WaitForTimersAsync();

        Assert.That(_metrics.ValuesOf("hanzo.sessions.cleanup.removed"), Is.EqualTo(new[] { "ended 3", "purged 3" }));
        Assert.That(_metrics.ValuesOf("hanzo.sessions.cleanup.duration"), Is.EqualTo(new[] { "1" }));
        Assert.That(_metrics.ValuesOf("hanzo.sessions.active"), Is.EqualTo(new[] { "2" }));
        await service.StopAsync(CancellationToken.None);
    }

    [Test, Description("Nobody counts sessions for a metric that nobody listens to")]
    public async Task Active_sessions_are_not_counted_when_nobody_listens()
    {
        _metrics.Dispose();
        var it = new Harness(wrap: store => new CountedStore(store));

        await it.Manager.SampleActiveAsync(CancellationToken.None);

        Assert.That(((CountedStore)it.Store).Calls, Is.Zero);
    }

    [TestCase("hanzo.sessions.store.duration")]
    [TestCase("hanzo.sessions.store.errors")]
    [TestCase("hanzo.sessions.validations")]
    [TestCase("hanzo.sessions.validation.duration")]
    [Description("Each instrument works without the others")]
    public async Task An_instrument_that_is_the_only_one_listened_to_is_measured(string name)
    {
        _metrics.Dispose();
        var measured = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, it) =>
            {
                if (IsOurs(instrument) && string.Equals(instrument.Name, name, StringComparison.Ordinal))
                {
                    it.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => measured++);
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => measured++);
        listener.Start();
        var store = new Mock<ISessionStore>();
        store.Setup(mock => mock.FindByTokenAsync(It.IsAny<SessionTokenHash>(), It.IsAny<CancellationToken>()))
            .Returns(() => ValueTask.FromException<FoundSession>(new TimeoutException()));
        var it = new Harness(wrap: _ => store.Object);

        await Assert.ThrowsAsync<TimeoutException>(async () => await it.Manager.ValidateAsync(SessionToken.New().Reveal()));

        Assert.That(measured, Is.EqualTo(1));
    }

    [Test, Description("A request pays for no clock that nobody reads")]
    public async Task Nothing_is_timed_when_nobody_listens()
    {
        _metrics.Dispose();
        var clock = new CountedClock();
        var options = Options.Create(new HanzoSessionsOptions());
        var manager = new SessionManager(new InMemorySessionStore(options), options, clock, []);
        var issued = await manager.CreateAsync(new NewSession { User = Ada });
        clock.Now += TimeSpan.FromMinutes(30);
        await manager.ValidateAsync(issued.Token.Reveal());
        await manager.FindAsync(Scope, issued.Session.Id);
        await manager.ListAsync(All());
        await manager.ListRecordsAsync(All());
        await manager.GetQuotaAsync(Ada, App);
        var rotated = await manager.RotateAsync(issued.Token.Reveal());
        clock.Now += TimeSpan.FromHours(1);
        await manager.ValidateAsync(rotated!.Token.Reveal());
        await manager.TerminateAllAsync(Ada, Service);
        Assert.That(clock.Timestamps, Is.Zero);

        await manager.CleanUpAsync();

        Assert.That(clock.Timestamps, Is.EqualTo(2), "the clean-up as a whole, and neither of its calls");
    }

    [Test, Description("Every instrument says in words what it counts, and durations have buckets from a microsecond on")]
    public void Every_instrument_is_described()
    {
        _ = new Harness();
        List<Instrument> instruments = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) => instruments.Add(instrument),
        };
        listener.Start();

        var ours = instruments.FindAll(IsOurs);
        Assert.That(ours.Select(instrument => instrument.Name).ToHashSet(StringComparer.Ordinal), Has.Count.EqualTo(15));
        Assert.That(ours.Select(instrument => instrument.Description), Has.All.Matches("^[A-Z].*\\.$"));
        Assert.That(ours.Select(instrument => instrument.Unit), Has.All.Matches("^(s|\\{[a-z_]+\\})$"));
        var durations = ours.OfType<Histogram<double>>().ToList();
        Assert.That(durations.Select(duration => duration.Name).ToHashSet(StringComparer.Ordinal), Has.Count.EqualTo(3));
        foreach (var buckets in durations.Select(duration => duration.Advice!.HistogramBucketBoundaries!))
        {
            Assert.That((buckets[0], buckets[^1]), Is.EqualTo((0.000_001, 30)));
            Assert.That(buckets, Is.Ordered.And.Unique);
        }
    }

    [Test, Description("V1 T9 every result and reason has a name of its own, and what a newer version writes is another")]
    public void Every_result_and_every_reason_has_a_name_of_its_own()
    {
        string[] results = [.. Enum.GetValues<SessionStatus>().Append((SessionStatus)99).Select(SessionTelemetry.NameOf)];
        string[] reasons = [.. Enum.GetValues<SessionEndReason>().Append((SessionEndReason)99).Select(SessionTelemetry.NameOf)];

        Assert.That(results, Is.EqualTo(new[] { "malformed", "unknown", "active", "idle_timeout", "expired", "terminated", "other" }));
        Assert.That(reasons, Is.EqualTo(new[]
        {
            "signed_out", "terminated_by_user", "terminated_by_admin", "evicted", "replaced", "idle_timeout", "expired",
            "password_changed", "user_disabled", "user_deleted", "moved", "not_delivered", "other",
        }));
    }

    [Test, Description("A host's meters come from its IMeterFactory")]
    public async Task The_meter_of_a_host_is_the_one_of_its_factory()
    {
        var services = new ServiceCollection();
        services.AddMetrics();
        services.AddHanzoSessions();
        await using var provider = services.BuildServiceProvider();
        var factory = provider.GetRequiredService<IMeterFactory>();
        List<object?> scopes = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument),
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, _, _) => scopes.Add(instrument.Meter.Scope));
        listener.Start();

        await provider.GetRequiredService<SessionManager>().CreateAsync(new NewSession { User = Ada });

        Assert.That(scopes, Is.Not.Empty);
        Assert.That(scopes, Has.All.SameAs(factory));
        Assert.That(_metrics.ValuesOf("hanzo.sessions.created"), Is.EqualTo(new[] { "1" }));
    }

    [Test, Description("Names, units and tags follow OpenTelemetry's conventions; no tag has a user or a session in it")]
    public async Task Every_instrument_is_named_by_the_conventions_and_no_tag_names_anybody()
    {
        var it = new Harness(options => options.MaxSessions = 1);
        var issued = await it.SignIn();
        await Assert.ThrowsAsync<SessionLimitExceededException>(() => it.SignIn());
        await it.StatusOf(issued);
        await it.Manager.TerminateAllAsync(Ada, Service);
        await it.Manager.CleanUpAsync();

        var series = _metrics.Collect();

        Assert.That(series, Has.Count.GreaterThan(10));
        Assert.That(series.Select(it => it.Name), Has.All.Matches("^hanzo\\.sessions(\\.[a-z_]+)+$"));
        Assert.That(series.Select(it => it.Unit), Has.All.Matches("^(s|\\{[a-z_]+\\})$"));
        var tags = series.SelectMany(it => it.Tags.Values).ToList();
        Assert.That(tags, Has.None.Contains("ada").And.None.Contains(App).And.None.Contains(issued.Session.Id.ToString()));
    }

    [Test, Description("What a dashboard is built on: names, units, descriptions and buckets")]
    public void Every_instrument_has_its_unit_and_says_what_it_counts()
    {
        List<Instrument> published = [];
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => published.Add(instrument) };
        _ = new Harness();
        listener.Start();
        var instruments = published.Where(IsOurs).DistinctBy(it => it.Name, StringComparer.Ordinal).ToList();

        Assert.That(instruments.Select(it => $"{it.Name["hanzo.sessions.".Length..]} {it.Unit}"), Is.EquivalentTo(new[]
        {
            "created {session}", "refused {sign_in}", "ended {session}", "moved {move}", "ip_spread {alarm}", "active {session}",
            "validations {validation}", "validation.duration s", "activity.writes {session}",
            "store.duration s", "store.errors {error}", "cleanup.removed {session}", "cleanup.duration s",
            "observer.dropped {event}", "observer.errors {error}",
        }));
        Assert.That(instruments.Select(it => it.Description), Is.Unique.And.All.Matches("^[A-Z].+\\.$"));
        Assert.That(
            instruments.OfType<Histogram<double>>().Select(it => it.Advice!.HistogramBucketBoundaries![0]),
            Is.EqualTo(new[] { 0.000_001, 0.000_001, 0.000_001 }));
    }

    private sealed class SlowStore(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public TestClock? Clock { get; set; }

        public override async ValueTask<FoundSession> FindByTokenAsync(
            SessionTokenHash tokenHash, CancellationToken cancellationToken = default)
        {
            Clock!.Advance(TimeSpan.FromMilliseconds(3));
            return await base.FindByTokenAsync(tokenHash, cancellationToken);
        }
    }

    private static bool IsOurs(Instrument instrument) =>
        string.Equals(instrument.Meter.Name, SessionMetrics.MeterName, StringComparison.Ordinal);

    private sealed class CountedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = TestSessions.Start;

        public int Timestamps { get; private set; }

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => ++Timestamps;
    }
}
