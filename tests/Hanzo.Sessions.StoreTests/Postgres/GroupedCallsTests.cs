using System.Globalization;
using Hanzo.Sessions.Postgres;

namespace Hanzo.Sessions.StoreTests.Postgres;

/// <summary>Who goes alone, who waits, who goes with whom. A call asks for a number, and gets its negative.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GroupedCallsTests : IDisposable
{
    private readonly TestClock _clock = new();
    private readonly List<Statement> _statements = [];
    private readonly SemaphoreSlim _started = new(0);

    public void Dispose() => _started.Dispose();

    [Test, Description("V5")]
    public async Task A_call_goes_alone_and_at_once()
    {
        var calls = Of(atOnce: 1);
        for (var number = 1; number <= 3; number++)
        {
            var call = calls.RunAsync(number, CancellationToken.None).AsTask();
            (await StartedAsync(number)).Answer();
            Assert.That(await call, Is.EqualTo(-number));
        }

        Assert.That(Sent(), Is.EqualTo(new[] { "1", "2", "3" }));
    }

    [Test, Description("V5 V4")]
    public async Task Calls_that_come_while_others_are_on_their_way_go_together_afterwards_and_each_gets_its_answer()
    {
        var calls = Of(atOnce: 2);
        var answers = Run(calls, 1, 2, 3, 4, 4, 5);
        var (first, second) = (await StartedAsync(1), await StartedAsync(2));
        second.Answer();
        (await StartedAsync(3)).Answer();
        first.Answer();

        Assert.That(await answers, Is.EqualTo(new[] { -1, -2, -3, -4, -4, -5 }));
        Assert.That(Sent(), Is.EqualTo(new[] { "1", "2", "3 4 4 5" }));
    }

    [Test]
    public async Task No_more_than_fit_share_a_statement_and_the_others_share_the_next()
    {
        var calls = Of(atOnce: 1, together: 2);
        var answers = Run(calls, 1, 2, 3, 4);
        (await StartedAsync(1)).Answer();
        (await StartedAsync(2)).Answer();
        (await StartedAsync(4)).Answer();

        Assert.That(await answers, Is.EqualTo(new[] { -1, -2, -3, -4 }));
        Assert.That(Sent(), Is.EqualTo(new[] { "1", "2 3", "4" }));
    }

    [Test]
    public async Task Calls_that_must_be_apart_do_not_share_a_statement()
    {
        var calls = Of(atOnce: 1, apart: EqualityComparer<int>.Default);
        var answers = Run(calls, 1, 2, 2, 3);
        (await StartedAsync(1)).Answer();
        (await StartedAsync(2)).Answer();
        (await StartedAsync(2)).Answer();

        Assert.That(await answers, Is.EqualTo(new[] { -1, -2, -2, -3 }));
        Assert.That(Sent(), Is.EqualTo(new[] { "1", "2 3", "2" }));
    }

    [Test, Description("V6")]
    public async Task A_fault_is_the_answer_to_all_who_share_the_statement_and_to_nobody_else()
    {
        var calls = Of(atOnce: 1);
        var alone = calls.RunAsync(1, CancellationToken.None).AsTask();
        var first = await StartedAsync(1);
        var (second, third) = (calls.RunAsync(2, CancellationToken.None).AsTask(), calls.RunAsync(3, CancellationToken.None).AsTask());
        first.Fail();
        var shared = await StartedAsync(2);
        var fourth = calls.RunAsync(4, CancellationToken.None).AsTask();
        shared.Fail();
        (await StartedAsync(4)).Answer();

        Assert.That(() => alone, Throws.TypeOf<InvalidOperationException>().With.Message.EqualTo("1"));
        Assert.That(() => second, Throws.TypeOf<InvalidOperationException>().With.Message.EqualTo("2 3"));
        Assert.That(() => third, Throws.TypeOf<InvalidOperationException>().With.Message.EqualTo("2 3"));
        Assert.That(await fourth, Is.EqualTo(-4));
    }

    [Test]
    public async Task Who_gives_up_while_waiting_is_not_waited_for_and_not_sent()
    {
        var calls = Of(atOnce: 1);
        var alone = calls.RunAsync(1, CancellationToken.None).AsTask();
        var first = await StartedAsync(1);
        using var impatient = new CancellationTokenSource();
        var (second, third) = (calls.RunAsync(2, impatient.Token).AsTask(), calls.RunAsync(3, CancellationToken.None).AsTask());
        await impatient.CancelAsync();

        Assert.That(() => second, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => calls.RunAsync(4, impatient.Token).AsTask(), Throws.InstanceOf<OperationCanceledException>());
        first.Answer();
        (await StartedAsync(3)).Answer();
        Assert.That((await alone, await third), Is.EqualTo((-1, -3)));
        Assert.That(Sent(), Is.EqualTo(new[] { "1", "3" }));
    }

    [Test]
    public async Task Who_gives_up_alone_makes_room_for_the_next()
    {
        var calls = Of(atOnce: 1);
        using var impatient = new CancellationTokenSource();
        var alone = calls.RunAsync(1, impatient.Token).AsTask();
        await StartedAsync(1);
        var waiting = calls.RunAsync(2, CancellationToken.None).AsTask();
        await impatient.CancelAsync();
        (await StartedAsync(2)).Answer();

        Assert.That(() => alone, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await waiting, Is.EqualTo(-2));
    }

    [Test]
    public async Task Statements_that_do_not_come_back_hold_up_those_who_wait_for_a_moment_only()
    {
        var calls = Of(atOnce: 1, together: 2);
        var dead = calls.RunAsync(1, CancellationToken.None).AsTask();
        var lost = await StartedAsync(1);
        var waiting = Run(calls, 2, 3, 4);
        (await StartedByTheClockAsync(2)).Answer();
        (await StartedAsync(4)).Answer();

        Assert.That(await waiting, Is.EqualTo(new[] { -2, -3, -4 }));
        Assert.That(Sent(), Is.EqualTo(new[] { "1", "2 3", "4" }));
        lost.Answer();
        Assert.That(await dead, Is.EqualTo(-1));
    }

    [Test, Description("V6")]
    public async Task Statements_that_do_not_come_back_are_only_so_many_and_the_next_goes_when_one_has()
    {
        const int most = GroupedCalls<int, int>.Most;
        var calls = Of(atOnce: 1, together: 1);
        _ = Run(calls, [.. Enumerable.Range(1, most + 2)]);
        var first = await StartedAsync(1);
        for (var number = 2; number <= most; number++)
        {
            await StartedByTheClockAsync(number);
        }

        for (var looks = 0; looks < 2; looks++)
        {
            await _clock.WaitForTimersAsync();
            _clock.Advance(GroupedCalls<int, int>.Patience);
        }

        await _clock.WaitForTimersAsync();
        first.Answer();
        await StartedAsync(most + 1);
        Assert.That(Sent(), Is.EqualTo(Enumerable.Range(1, most + 1).Select(number => number.ToString(CultureInfo.InvariantCulture))));
    }

    private GroupedCalls<int, int> Of(int atOnce, int together = 16, IEqualityComparer<int>? apart = null) => new(
        atOnce,
        together,
        async (number, cancellationToken) => (await StartAsync([number]).WaitAsync(cancellationToken))[0],
        StartAsync,
        _clock,
        apart);

    private static Task<int[]> Run(GroupedCalls<int, int> calls, params int[] numbers) =>
        Task.WhenAll(numbers.Select(number => calls.RunAsync(number, CancellationToken.None).AsTask()));

    private Task<IReadOnlyList<int>> StartAsync(IReadOnlyList<int> numbers)
    {
        var statement = new Statement([.. numbers]);
        lock (_statements)
        {
            _statements.Add(statement);
        }

        _started.Release();
        return statement.Task;
    }

    /// <summary>The next statement that starts; its first number is given.</summary>
    private async Task<Statement> StartedAsync(int first)
    {
        Assert.That(await _started.WaitAsync(TimeSpan.FromSeconds(30)), Is.True, "no statement has started");
        lock (_statements)
        {
            return _statements.Single(it => it.First == first && !it.Task.IsCompleted);
        }
    }

    /// <summary>The next statement that starts because time passes.</summary>
    private async Task<Statement> StartedByTheClockAsync(int first)
    {
        // Whoever watches the time starts to at any moment.
        for (var tries = 0; _started.CurrentCount == 0 && tries < 3_000; tries++)
        {
            _clock.Advance(GroupedCalls<int, int>.Patience);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        return await StartedAsync(first);
    }

    private string[] Sent()
    {
        lock (_statements)
        {
            return [.. _statements.Select(it => it.ToString())];
        }
    }

    private sealed class Statement(int[] numbers)
    {
        private readonly TaskCompletionSource<IReadOnlyList<int>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int First => numbers[0];

        public Task<IReadOnlyList<int>> Task => _answer.Task;

        public void Answer() => _answer.SetResult([.. numbers.Select(number => -number)]);

        public void Fail() => _answer.SetException(new InvalidOperationException(ToString()));

        public override string ToString() => string.Join(' ', numbers);
    }
}
