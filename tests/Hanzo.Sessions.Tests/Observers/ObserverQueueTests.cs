using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.Tests;

public sealed class ObserverQueueTests
{
    private const int QueueFull = 11;
    private const int DrainGivenUp = 12;

    [Test, Description("A2 a slow observer delays neither the caller nor another observer")]
    public async Task An_observer_that_does_not_come_back_keeps_nobody_waiting()
    {
        var stuck = new GatedObserver();
        var swift = new GatedObserver();
        swift.LetGo();
        var it = Manager([stuck, swift]);
        var sessions = await SignInAsync(it, 3);

        await EndAsync(it, sessions);

        Assert.That(await stuck.NextAsync(), Is.EqualTo(sessions[0].Id));
        Assert.That(
            new[] { await swift.NextAsync(), await swift.NextAsync(), await swift.NextAsync() }, Is.EqualTo(Ids(sessions)));
        stuck.LetGo();
        Assert.That(new[] { await stuck.NextAsync(), await stuck.NextAsync() }, Is.EqualTo(Ids(sessions[1..])));
    }

    [Test, Description("A2 the queue is bounded, what is dropped is counted and said once")]
    public async Task What_comes_while_the_queue_is_full_is_dropped_counted_and_logged_once()
    {
        using var metrics = new RecordedMetrics();
        var log = new RecordedLog();
        var stuck = new GatedObserver();
        var it = Manager([stuck], log, capacity: 2);
        var sessions = await SignInAsync(it, 6);
        await it.SignOutAsync(sessions[0]);
        await stuck.NextAsync();

        await EndAsync(it, sessions[1..]);
        stuck.LetGo();
        await it.FlushObserversAsync();

        Assert.That(new[] { await stuck.NextAsync(), await stuck.NextAsync() }, Is.EqualTo(Ids(sessions[1..3])));
        Assert.That(metrics.ValuesOf("hanzo.sessions.observer.dropped"), Is.EqualTo(new[] { $"{typeof(GatedObserver)} 3" }));
        Assert.That(log.Lines.Where(line => line.Id.Id == QueueFull).Select(line => (line.Level, line.Text)), Is.EqualTo(new[]
        {
            (LogLevel.Warning, $"The queue of observer {typeof(GatedObserver)} is full; events are dropped until it has room again."),
        }));
    }

    [Test, Description("A2 after it was full the queue takes events again")]
    public async Task An_observer_that_has_caught_up_hears_of_what_comes_then()
    {
        var log = new RecordedLog();
        var slow = new GatedObserver();
        var it = Manager([slow], log, capacity: 1);
        var sessions = await SignInAsync(it, 6);
        await it.SignOutAsync(sessions[0]);
        await slow.NextAsync();
        await EndAsync(it, sessions[1..4]);
        slow.LetGo();
        await it.FlushObserversAsync();
        await slow.NextAsync();

        await it.SignOutAsync(sessions[4]);
        await it.FlushObserversAsync();
        await it.SignOutAsync(sessions[5]);

        Assert.That(new[] { await slow.NextAsync(), await slow.NextAsync() }, Is.EqualTo(Ids(sessions[4..])));
        Assert.That(log.Lines.Count(line => line.Id.Id == QueueFull), Is.EqualTo(1));
    }

    [Test, Description("A2 a queue that fills up, empties and fills up again is logged twice")]
    public async Task A_queue_that_fills_up_again_is_logged_again()
    {
        var log = new RecordedLog();
        var slow = new GatedObserver();
        var it = Manager([slow], log, capacity: 1);
        await FillAsync(it, slow);
        Assert.That(TimesFull(log), Is.EqualTo(1));

        // An event that comes at the very moment at which the queue has become empty may still belong to the old rush.
        for (var round = 0; round < 100 && TimesFull(log) == 1; round++)
        {
            await FillAsync(it, slow);
        }

        Assert.That(TimesFull(log), Is.EqualTo(2));
    }

    [Test, Description("A2 a host that stops lets observers hear what is queued")]
    public async Task A_stopping_host_waits_until_the_observers_have_heard_everything()
    {
        var slow = new GatedObserver();
        using var host = Host(new TestClock(), slow);
        await host.StartAsync();
        var manager = host.Services.GetRequiredService<SessionManager>();
        var sessions = await SignInAsync(manager, 3);
        await EndAsync(manager, sessions);
        await slow.NextAsync();

        var stopping = host.StopAsync();
        Assert.That(stopping.IsCompleted, Is.False);
        slow.LetGo();
        await stopping;

        Assert.That(new[] { await slow.NextAsync(), await slow.NextAsync() }, Is.EqualTo(Ids(sessions[1..])));
    }

    [TestCase(true, Description = "A2 an observer that heeds the cancellation")]
    [TestCase(false, Description = "A2 an observer that never comes back")]
    public async Task A_stopping_host_waits_no_longer_than_it_is_told_to(bool heedsCancellation)
    {
        using var metrics = new RecordedMetrics();
        var log = new RecordedLog();
        var clock = new TestClock();
        var stuck = new GatedObserver(heedsCancellation);
        using var host = Host(clock, stuck, log);
        await host.StartAsync();
        var manager = host.Services.GetRequiredService<SessionManager>();
        await EndAsync(manager, await SignInAsync(manager, 4));
        await stuck.NextAsync();

        var stopping = host.StopAsync();
        await clock.WaitForTimersAsync();
        clock.Advance(TimeSpan.FromSeconds(5) - Ms);
        Assert.That(stopping.IsCompleted, Is.False);
        clock.Advance(Ms);
        await stopping;

        Assert.That(metrics.ValuesOf("hanzo.sessions.observer.dropped"), Is.EqualTo(new[] { $"{typeof(GatedObserver)} 3" }));
        Assert.That(log.Lines.Single(line => line.Id.Id == DrainGivenUp).Text, Does.EndWith("3 events are dropped."));
        if (heedsCancellation)
        {
            await manager.FlushObserversAsync();
            Assert.That(metrics.ValuesOf("hanzo.sessions.observer.errors"), Is.EqualTo(new[] { $"{typeof(GatedObserver)} 1" }));
        }
    }

    [Test, Description("A2 what happens after the host has stopped is dropped and counted")]
    public async Task What_happens_after_the_host_has_stopped_is_counted_as_dropped()
    {
        using var metrics = new RecordedMetrics();
        var log = new RecordedLog();
        var swift = new GatedObserver();
        swift.LetGo();
        using var host = Host(new TestClock(), swift, log);
        await host.StartAsync();
        var manager = host.Services.GetRequiredService<SessionManager>();
        var sessions = await SignInAsync(manager, 2);
        await host.StopAsync();

        await EndAsync(manager, sessions);
        await manager.FlushObserversAsync();

        Assert.That(metrics.ValuesOf("hanzo.sessions.observer.dropped"), Is.EqualTo(new[] { $"{typeof(GatedObserver)} 2" }));
        Assert.That(TimesFull(log), Is.Zero, "a queue that takes nothing more is not a full one");
    }

    [Test, Description("A2 an observer that fails is counted")]
    public async Task An_observer_that_fails_is_counted()
    {
        using var metrics = new RecordedMetrics();
        var failing = new Mock<ISessionObserver>();
        failing.Setup(mock => mock.OnCreatedAsync(It.IsAny<Session>(), It.IsAny<CancellationToken>())).Throws<TimeoutException>();
        var it = Manager([failing.Object]);

        await SignInAsync(it, 2);

        Assert.That(metrics.ValuesOf("hanzo.sessions.observer.errors"), Is.EqualTo(new[] { $"{failing.Object.GetType()} 2" }));
    }

    [Test, Description("A2 waiting for observers can be given up")]
    public async Task Waiting_for_a_stuck_observer_can_be_cancelled()
    {
        var stuck = new GatedObserver();
        var it = Manager([stuck]);
        await EndAsync(it, await SignInAsync(it, 1));
        await stuck.NextAsync();
        using var cancellation = new CancellationTokenSource();

        var flush = it.FlushObserversAsync(cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThatAsync(() => flush, Throws.InstanceOf<OperationCanceledException>());
    }

    /// <summary>Three sessions end while the observer, whose queue takes one event, is stuck: it hears of two.</summary>
    private static async Task FillAsync(SessionManager manager, GatedObserver observer)
    {
        observer.StopAgain();
        var sessions = await SignInAsync(manager, 3);
        await manager.SignOutAsync(sessions[0]);
        await observer.NextAsync();
        await EndAsync(manager, sessions[1..]);
        observer.LetGo();
        await observer.NextAsync();
        await manager.FlushObserversAsync();
    }

    private static int TimesFull(RecordedLog log) => log.Lines.Count(line => line.Id.Id == QueueFull);

    private static SessionManager Manager(ISessionObserver[] observers, RecordedLog? log = null, int capacity = 100)
    {
        var options = Microsoft.Extensions.Options.Options.Create(new HanzoSessionsOptions { ObserverQueueCapacity = capacity });
        return new SessionManager(
            new InMemorySessionStore(options), options, new TestClock(), observers, new RecordedLogger<SessionManager>(log ?? new()));
    }

    private static async Task<Session[]> SignInAsync(SessionManager manager, int times)
    {
        var sessions = new Session[times];
        for (var i = 0; i < times; i++)
        {
            sessions[i] = (await manager.CreateAsync(new NewSession { User = Ada })).Session;
            await manager.FlushObserversAsync(); // No creation is in a queue when sessions end.
        }

        return sessions;
    }

    private static async Task EndAsync(SessionManager manager, Session[] sessions)
    {
        foreach (var session in sessions)
        {
            await manager.SignOutAsync(session);
        }
    }

    private static IEnumerable<SessionId> Ids(Session[] sessions) => sessions.Select(session => session.Id);

    private static IHost Host(TimeProvider clock, ISessionObserver observer, RecordedLog? log = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(log ?? new RecordedLog());
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(observer);
        builder.Services.AddHanzoSessions(options => options.CleanupEnabled = false);
        return builder.Build();
    }
}
