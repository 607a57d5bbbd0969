namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>
/// Runs several clients on one thread and lets a seed decide, at every pause, whose turn it is: the same seed gives
/// the same interleaving, on every machine and under any load.
/// </summary>
internal sealed class Interleaving(Random random)
{
    private static readonly AsyncLocal<Interleaving?> Running = new();

    private readonly List<TaskCompletionSource> _waiting = [];
    private long _steps;

    /// <summary>A clock that orders the calls: every look at it is later than the one before.</summary>
    public long Timestamp() => ++_steps;

    /// <summary>The moment between two steps, where the others may come in between; nothing outside of an interleaving.</summary>
    public static Task PauseAsync() => Running.Value?.Wait() ?? Task.CompletedTask;

    /// <summary>Runs the clients to their ends.</summary>
    public void Run(params IEnumerable<Func<Task>> clients)
    {
        var context = SynchronizationContext.Current;

        // What waits must go on right inside SetResult, on this thread.
        SynchronizationContext.SetSynchronizationContext(null);
        Running.Value = this;
        try
        {
            var tasks = clients.Select(client => client()).ToList();
            while (_waiting.Count > 0)
            {
                var next = random.Next(_waiting.Count);
                var turn = _waiting[next];
                _waiting[next] = _waiting[^1];
                _waiting.RemoveAt(_waiting.Count - 1);
                turn.SetResult();
            }

            foreach (var task in tasks)
            {
                Assert.That(task.IsCompleted, Is.True, "A client waits for something that is not part of the interleaving.");
                task.GetAwaiter().GetResult();
            }
        }
        finally
        {
            Running.Value = null;
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private Task Wait()
    {
        var turn = new TaskCompletionSource();
        _waiting.Add(turn);
        return turn.Task;
    }
}
