using System.Diagnostics;
using Hanzo.Sessions.Benchmarks.Harness;
using static Hanzo.Sessions.Benchmarks.Harness.Outcome;

namespace Hanzo.Sessions.Benchmarks.Topics;

/// <summary>The same work in a store of few sessions and in one of many: a ratio of 1 says that size does not matter.</summary>
/// <param name="name">The store, and how many there are.</param>
/// <param name="few">100,000 sessions.</param>
/// <param name="many">As many as the name says.</param>
internal sealed class Scale(string name, Place few, Place many)
{
    private const int FirstToCome = 100_000_000;

    private static readonly TimeSpan CleaningUp = TimeSpan.FromSeconds(5);

    private readonly SessionEnd _end = new(
        DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()),
        SessionEndReason.TerminatedByAdmin,
        SessionActor.Service("benchmark"));

    private int _next;

    public static IReadOnlyList<string> WorksOf(string name) =>
    [
        $"validate, {name}", $"create, {name}", $"list a user, {name}", $"terminate all of a user, {name}", $"alarms, {name}",
        $"clean-up, {name}",
    ];

    public static IReadOnlyList<string> PagesOf(string name) => [$"a page of sessions, {name}", $"a page of records, {name}"];

    public async Task RunAsync(Run run, bool withPages)
    {
        await CompareAsync(run, $"validate, {name}", async place =>
            Must((await place.Manager.ValidateAsync(place.Tokens[Next() % place.Tokens.Length])).IsActive));
        await CompareAsync(run, $"list a user, {name}", async place =>
            Must((await place.Manager.ListAsync(new SessionQuery { Filter = SessionFilter.Of(User(20_000 - (Next() % 1_000))) })).Items.Count == 4));
        if (withPages)
        {
            await new Pages(many.Manager, "acme").CompareAsync(run, $"a page of sessions, {name}", $"a page of records, {name}");
        }

        await CompareAsync(run, $"create, {name}", async place => await place.Manager.CreateAsync(new NewSession
        {
            User = new SessionUser("new", FormattableString.Invariant($"user-{Next()}")),
            Application = "shop",
            Payload = new byte[300],
        }));
        await TerminateAsync(run);
        await AlarmsAsync(run);
        await CleanUpAsync(run);
    }

    private Task CompareAsync(Run run, string work, Func<Place, Task> once) => run.CompareAsync(
        work,
        [Contestant.Of("among many", Role.Ours, () => once(many)), Contestant.Of("among 100,000", Role.Floor, () => once(few))],
        [Target.AtMost(1.5, "among 100,000")]);

    private async Task TerminateAsync(Run run)
    {
        await run.CompareAsync(
            $"terminate all of a user, {name}",
            [Of("among many", Role.Ours, many), Of("among 100,000", Role.Floor, few)],
            [Target.AtMost(1.5, "among 100,000")],
            special: run.Effort.InLongTurns);

        Contestant Of(string called, Role role, Place place)
        {
            // Users who come for this, so that those who were there before stay.
            var (come, gone) = (FirstToCome, FirstToCome);
            return new Contestant(called, role, async times =>
            {
                for (; times > 0; times--)
                {
                    Must((await place.Store.TerminateAsync(new() { Filter = SessionFilter.Of(User(gone++)), End = _end })).Ended.Count == Population.PerUser);
                }
            })
            {
                Prepare = async times =>
                {
                    for (gone = come; times > 0; times--, come++)
                    {
                        for (var i = 0; i < Population.PerUser; i++)
                        {
                            await place.Store.CreateAsync(Population.Session((come * Population.PerUser) + i, _end.At, TimeSpan.FromDays(1)));
                        }
                    }
                },
                Most = 100,
            };
        }
    }

    /// <summary>Who is over the threshold of addresses, where no user is: calls do not wait for the count.</summary>
    private async Task AlarmsAsync(Run run)
    {
        if (!run.Wants($"alarms, {name}"))
        {
            return;
        }

        var manager = Population.Manager(many.Store, options => options.IpSpreadThreshold = Population.PerUser + 1);
        await manager.ListIpSpreadAsync(SessionScope.Of("asked"));
        var counting = Stopwatch.GetTimestamp();
        Must((await many.Store.ListIpSpreadAsync(SessionScope.Of("acme"), Population.PerUser + 1, 50, 0, _end.At)).Count == 0);
        var count = Stopwatch.GetElapsedTime(counting);

        var calls = new List<double>();
        DateTimeOffset? countedAt = null;
        var watch = Stopwatch.StartNew();
        while (countedAt is null || watch.Elapsed < 3 * count)
        {
            var start = Stopwatch.GetTimestamp();
            countedAt = (await manager.ListIpSpreadAsync(SessionScope.Of("acme"))).CountedAt;
            calls.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds);
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }

        double[] later = [.. calls.Skip(1).Order()];
        run.Add(new Row(
            $"alarms, {name}",
            [
                new Line("first call", Role.Ours, Format.Time(calls[0])),
                new Line("later calls, while it is counted and after, p50", Role.Ours, Format.Time(later[later.Length / 2])),
                new Line("later calls, longest", Role.Ours, Format.Time(later[^1])),
                new Line("the count, for which no call waits", Role.Floor, Format.Time(count.TotalNanoseconds)),
            ],
            [new Verdict("no call takes more than 50 ms", Format.Time(calls.Max()), calls.Max() <= 50e6)]));
    }

    /// <summary>Ends what there is, as if its time were up, while one client goes on validating.</summary>
    private async Task CleanUpAsync(Run run)
    {
        if (!run.Wants($"clean-up, {name}"))
        {
            return;
        }

        var later = _end.At.AddDays(2);
        var (ended, steps, waits) = (0, new List<double>(), new List<double>());
        var watch = Stopwatch.StartNew();
        var validating = Task.Run(async () =>
        {
            while (watch.Elapsed < CleaningUp)
            {
                var start = Stopwatch.GetTimestamp();
                await many.Manager.ValidateAsync(many.Tokens[waits.Count % many.Tokens.Length], passive: true);
                waits.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds);
            }
        });
        while (watch.Elapsed < CleaningUp)
        {
            var start = Stopwatch.GetTimestamp();
            var batch = await many.Store.ExpireBatchAsync(later, 500);
            steps.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds);
            ended += batch.Count;
        }

        await validating;
        double[] sorted = [.. waits.Order()];
        run.Add(new Row(
            $"clean-up, {name}",
            [
                new Line(FormattableString.Invariant($"{ended / CleaningUp.TotalSeconds:#,0} sessions/s in steps of 500; the longest step"), Role.Ours, Format.Time(steps.Max())),
                new Line("validation meanwhile, p50", Role.Ours, Format.Time(sorted[sorted.Length / 2])),
                new Line("validation meanwhile, p99", Role.Ours, Format.Time(sorted[sorted.Length * 99 / 100])),
                new Line("validation meanwhile, longest", Role.Ours, Format.Time(sorted[^1])),
            ],
            []));
    }

    private int Next() => Interlocked.Increment(ref _next);

    private static SessionUser User(int number) => Population.User(number);
}
