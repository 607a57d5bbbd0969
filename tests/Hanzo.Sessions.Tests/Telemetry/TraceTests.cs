using System.Diagnostics;

namespace Hanzo.Sessions.Tests;

/// <summary>Spans of the manager's operations, as the OpenTelemetry SDK gets them.</summary>
public sealed class TraceTests
{
    private RecordedTraces _traces = null!;

    [SetUp]
    public void Listen() => _traces = new RecordedTraces();

    [TearDown]
    public void StopListening() => _traces.Dispose();

    [Test, Description("A span per operation, with what came of it")]
    public async Task Every_operation_has_a_span_that_says_what_came_of_it()
    {
        var it = new Harness(options => options.MaxSessions = 1);
        var issued = await it.SignIn();
        var id = issued.Session.Id;
        await Assert.ThrowsAsync<SessionLimitExceededException>(() => it.SignIn());
        await it.StatusOf(issued);
        var rotated = await it.Manager.RotateAsync(issued.Token.Reveal());
        await Assert.ThrowsAsync<CurrentSessionException>(() => it.Manager.TerminateAllAsync(Ada, Using(issued)));
        await it.Manager.ListAsync(All());
        await it.Manager.ListIpSpreadAsync(Scope);
        await it.Manager.GetQuotaAsync(Ada, App);
        await it.Manager.FindAsync(Scope, id);
        await it.Manager.SignOutAsync(rotated!.Session);
        await it.StatusOf(rotated);
        await it.Manager.AdoptAsync(new NewSession { User = Ben }, SessionToken.New(), it.Now.AddDays(1));
        await it.Manager.CleanUpAsync();

        Assert.That(_traces.Texts, Is.EqualTo(new[]
        {
            $"hanzo.sessions.create Unset hanzo.sessions.id={id} hanzo.sessions.result=created",
            "hanzo.sessions.create Unset hanzo.sessions.result=refused",
            $"hanzo.sessions.validate Unset hanzo.sessions.id={id} hanzo.sessions.result=active",
            $"hanzo.sessions.rotate Unset hanzo.sessions.id={id}",
            "hanzo.sessions.terminate Unset hanzo.sessions.result=current_session",
            "hanzo.sessions.list Unset",
            "hanzo.sessions.list_ip_spread Unset",
            "hanzo.sessions.quota Unset",
            "hanzo.sessions.find Unset",
            "hanzo.sessions.terminate Unset hanzo.sessions.count=1 hanzo.sessions.reason=signed_out",
            $"hanzo.sessions.validate Unset hanzo.sessions.id={id} hanzo.sessions.result=terminated",
            "hanzo.sessions.adopt Unset",
            "hanzo.sessions.clean_up Unset",
        }));
    }

    [Test, Description("A store that fails makes the span an error, with the kind of the failure and not its text")]
    public async Task A_failing_store_makes_the_span_an_error()
    {
        var store = new Mock<ISessionStore>();
        store.Setup(mock => mock.CreateAsync(It.IsAny<SessionCreation>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new TimeoutException("server=10.0.0.7"));
        var it = new Harness(wrap: _ => store.Object);

        await Assert.ThrowsAsync<TimeoutException>(() => it.SignIn());

        Assert.That(_traces.Texts, Is.EqualTo(new[] { "hanzo.sessions.create Error error.type=System.TimeoutException" }));
        Assert.That(_traces.Spans.Single().StatusDescription, Is.Null);
    }

    [Test, Description("The store's failure marks the manager's span, not that of the host around it")]
    public async Task The_span_of_the_host_around_an_operation_is_left_alone()
    {
        using var source = new ActivitySource("a host");
        using var listener = new ActivityListener
        {
            ShouldListenTo = it => it == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var store = new Mock<ISessionStore>();
        store.Setup(mock => mock.FindByTokenAsync(It.IsAny<SessionTokenHash>(), It.IsAny<CancellationToken>()))
            .Returns(() => ValueTask.FromException<FoundSession>(new TimeoutException()));
        var it = new Harness(wrap: _ => store.Object);
        using var around = source.StartActivity("GET /")!;

        await Assert.ThrowsAsync<TimeoutException>(async () => await it.Manager.ValidateAsync(SessionToken.New().Reveal()));

        Assert.That((around.Status, Activity.Current), Is.EqualTo((ActivityStatusCode.Unset, around)));
        Assert.That(_traces.Spans.Single().ParentSpanId, Is.EqualTo(around.SpanId));
        Assert.That(_traces.Spans.Single().Status, Is.EqualTo(ActivityStatusCode.Error));
    }

    [Test, Description("An observer's work is no part of the request that was the occasion")]
    public async Task An_observer_runs_outside_the_span_of_the_operation()
    {
        var seen = new TaskCompletionSource<Activity?>();
        var observer = new Mock<ISessionObserver>();
        observer.Setup(mock => mock.OnCreatedAsync(It.IsAny<Session>(), It.IsAny<CancellationToken>()))
            .Callback(() => seen.SetResult(Activity.Current));
        using var around = new Activity("a request").Start();
        var it = new Harness(observer: observer.Object);

        await it.SignIn();

        Assert.That(await seen.Task, Is.Null);
    }
}
