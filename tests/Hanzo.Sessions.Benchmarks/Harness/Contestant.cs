using System.Diagnostics;

namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>One way to do the work of a row.</summary>
/// <param name="name">What the report calls it.</param>
/// <param name="role">Ours, the floor, or a rival.</param>
/// <param name="work">Does the work so many times.</param>
internal class Contestant(string name, Role role, Func<int, Task> work)
{
    private int _times = 1;

    public string Name { get; } = name;

    public Role Role { get; } = role;

    /// <summary>Makes ready what so many operations use up, before the clock starts.</summary>
    public Func<int, Task>? Prepare { get; init; }

    /// <summary>The most operations of one turn, where they use something up.</summary>
    public int Most { get; init; } = int.MaxValue;

    /// <summary>How many operations one call of the work counts as, where a call alone is too short.</summary>
    public int Batch { get; init; } = 1;

    public static Contestant Of(string name, Role role, Action once) => new(name, role, times =>
    {
        for (var i = 0; i < times; i++)
        {
            once();
        }

        return Task.CompletedTask;
    });

    public static Contestant Of(string name, Role role, Func<Task> once) => new(name, role, async times =>
    {
        for (var i = 0; i < times; i++)
        {
            await once();
        }
    });

    /// <summary>The same work by several clients at once; whoever is ready takes the next.</summary>
    public static Contestant Of(string name, Role role, int clients, Func<int, Task> once, int batch = 1)
    {
        return new(name, role, TogetherAsync) { Batch = batch };

        Task TogetherAsync(int times)
        {
            var taken = 0;
            return Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
            {
                while (Interlocked.Increment(ref taken) <= times)
                {
                    await once(client);
                }
            })));
        }
    }

    /// <summary>Runs until the code is compiled as well as it gets, and finds out how many operations make a turn.</summary>
    public virtual async Task WarmUpAsync(Effort effort)
    {
        var warm = Stopwatch.StartNew();
        var fastest = double.MaxValue;
        var settled = false;
        for (var turns = 1; !settled || warm.Elapsed < effort.WarmUp; turns++)
        {
            // One turn that was held up, by a full collection or by the first compilation, says nothing about those to come.
            fastest = Math.Min(fastest, (await MeasureAsync(effort)).Nanoseconds);
            var turn = effort.Turn.TotalNanoseconds / Math.Max(fastest * Batch, 1);

            // A turn that is far too short is mostly the collection at its end, so that it says little about the next.
            settled = _times == Most || (turns > 3 && turn < _times * 2.0);
            _times = (int)Math.Clamp(turn, 1, Math.Min(Most, _times * 10.0));
        }
    }

    public virtual async Task<Sample> MeasureAsync(Effort effort)
    {
        if (Prepare is not null)
        {
            await Prepare(_times);
        }

        // Everybody pays for the young garbage of this turn, and for nobody else's.
        GC.Collect(1);
        var operations = (double)_times * Batch;
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        await work(_times);
        var elapsed = Stopwatch.GetElapsedTime(start);
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        if (bytes >= operations)
        {
            start = Stopwatch.GetTimestamp();
            GC.Collect(1);
            elapsed += Stopwatch.GetElapsedTime(start);
        }

        return new Sample(elapsed.TotalNanoseconds / operations, bytes / operations);
    }
}
