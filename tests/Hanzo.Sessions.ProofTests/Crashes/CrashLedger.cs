using System.Diagnostics;
using Hanzo.Sessions.ProofTests.CrashWorker;

namespace Hanzo.Sessions.ProofTests.Crashes;

/// <summary>What clients were told about their sessions before, during and after a crash. Thread-safe while they work.</summary>
internal sealed class CrashLedger
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, UserLedger> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _answersOf = new(StringComparer.Ordinal);
    private readonly List<(Func<bool> Condition, TaskCompletionSource Met)> _waiting = [];
    private long _lastAnswer = Stopwatch.GetTimestamp();

    /// <summary>How many operations were answered with success.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>The longest time in which nobody was answered with success.</summary>
    public TimeSpan LongestGap { get; private set; }

    public IReadOnlyCollection<UserLedger> Users => _users.Values;

    public void Record(CrashEvent step)
    {
        lock (_lock)
        {
            if (!_users.TryGetValue(step.User, out var user))
            {
                _users.Add(step.User, user = new UserLedger(step.User));
            }

            user.Record(step);
            if (step.Step == CrashStep.Done)
            {
                Acknowledged++;
                _answersOf[step.Client] = _answersOf.GetValueOrDefault(step.Client) + 1;
                var gap = Stopwatch.GetElapsedTime(_lastAnswer);
                _lastAnswer = Stopwatch.GetTimestamp();
                LongestGap = gap > LongestGap ? gap : LongestGap;
            }

            foreach (var waiter in _waiting.FindAll(it => it.Condition()))
            {
                _waiting.Remove(waiter);
                waiter.Met.SetResult();
            }
        }
    }

    /// <summary>Waits until so many operations were answered with success.</summary>
    public Task AcknowledgedAsync(int count) => WaitAsync(() => Acknowledged >= count);

    /// <summary>Waits until each of so many clients was answered with success, from now on.</summary>
    public Task EveryClientAnsweredAsync(int clients)
    {
        lock (_lock)
        {
            var before = new Dictionary<string, int>(_answersOf, StringComparer.Ordinal);
            return WaitAsync(() => _answersOf.Count(it => it.Value > before.GetValueOrDefault(it.Key)) >= clients);
        }
    }

    private Task WaitAsync(Func<bool> condition)
    {
        lock (_lock)
        {
            if (condition())
            {
                return Task.CompletedTask;
            }

            var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((condition, met));
            return met.Task;
        }
    }
}
