using Hanzo.Sessions.Testing;

namespace Hanzo.Sessions.StoreTests;

public sealed class ManualTimeProviderTests
{
    private readonly ManualTimeProvider _clock = new();

    [Test]
    public void It_stands_still_until_it_is_moved()
    {
        var (now, timestamp) = (_clock.GetUtcNow(), _clock.GetTimestamp());
        _clock.Advance(TimeSpan.FromMinutes(5));

        Assert.That(_clock.GetUtcNow() - now, Is.EqualTo(TimeSpan.FromMinutes(5)));
        Assert.That(_clock.GetElapsedTime(timestamp), Is.EqualTo(TimeSpan.FromMinutes(5)));
    }

    [TestCase(1)]
    [TestCase(-1)]
    public void Setting_the_wall_clock_leaves_the_steady_time_alone(int days)
    {
        var timestamp = _clock.GetTimestamp();
        using var timer = _clock.CreateTimer(_ => Assert.Fail("It fired."), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        var wished = _clock.GetUtcNow().AddDays(days);
        _clock.SetUtcNow(wished);

        Assert.That(_clock.GetUtcNow(), Is.EqualTo(wished));
        Assert.That(_clock.GetTimestamp(), Is.EqualTo(timestamp));
    }

    [Test]
    public void Timers_fire_in_order_and_see_the_instant_at_which_they_were_due()
    {
        var start = _clock.GetUtcNow();
        List<(string Name, double Seconds)> fired = [];
        using var late = Timer("late", 30, Timeout.Infinite);
        using var early = Timer("early", 10, Timeout.Infinite);
        using var periodic = Timer("periodic", 5, 15);
        _clock.Advance(TimeSpan.FromSeconds(34));

        Assert.That(fired, Is.EqualTo(new[] { ("periodic", 5d), ("early", 10d), ("periodic", 20d), ("late", 30d) }));

        ITimer Timer(string name, int due, int period) => _clock.CreateTimer(
            _ => fired.Add((name, (_clock.GetUtcNow() - start).TotalSeconds)),
            null,
            TimeSpan.FromSeconds(due),
            period == Timeout.Infinite ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(period));
    }

    [Test]
    public async Task A_delay_ends_when_its_time_has_come()
    {
        var delay = Task.Delay(TimeSpan.FromSeconds(10), _clock);
        _clock.Advance(TimeSpan.FromMilliseconds(9_999));
        Assert.That(delay.IsCompleted, Is.False);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await delay;
    }

    [Test]
    public void A_timer_without_a_delay_fires_at_once_and_a_disposed_one_never()
    {
        var fired = 0;
        using var now = _clock.CreateTimer(_ => fired++, null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        Assert.That(fired, Is.EqualTo(1));

        using (_clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)))
        {
            _clock.Advance(TimeSpan.FromSeconds(2));
        }

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That(fired, Is.EqualTo(3));
    }

    [Test]
    public async Task A_test_can_wait_for_a_delay_that_begins_elsewhere()
    {
        var loop = Task.Run(() => Task.Delay(TimeSpan.FromMinutes(7), _clock));
        await _clock.WaitForTimersAsync();

        Assert.That(_clock.AdvanceToNextTimer(), Is.EqualTo(TimeSpan.FromMinutes(7)));
        await loop;
    }

    [Test]
    public void Moves_from_many_threads_add_up()
    {
        var start = _clock.GetUtcNow();
        Parallel.For(0, 1000, _ => _clock.Advance(TimeSpan.FromSeconds(1)));

        Assert.That(_clock.GetUtcNow() - start, Is.EqualTo(TimeSpan.FromSeconds(1000)));
    }
}
