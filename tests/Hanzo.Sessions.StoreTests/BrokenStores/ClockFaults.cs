namespace Hanzo.Sessions.StoreTests.BrokenStores;

/// <summary>Clocks that are not compared as they should be. Each store has one fault that a real store could have.</summary>
internal static class ClockFaults
{
    internal sealed class CreatesByAnyClock() : DoesNotCompare(nameof(CreateAsync));

    internal sealed class TouchesByAnyClock() : DoesNotCompare(nameof(TouchAsync));

    internal sealed class MovesByAnyClock() : DoesNotCompare(nameof(MoveAsync));

    internal sealed class ForgetsByAnyClock() : DoesNotCompare(nameof(ForgetAsync));

    internal sealed class RotatesByAnyClock() : DoesNotCompare(nameof(RotateAsync));

    internal sealed class ReplacesPayloadsByAnyClock() : DoesNotCompare(nameof(ReplacePayloadAsync));

    internal sealed class TerminatesByAnyClock() : DoesNotCompare(nameof(TerminateAsync));

    internal sealed class ExpiresByAnyClock() : DoesNotCompare(nameof(ExpireAsync));

    internal sealed class ExpiresBatchesByAnyClock() : DoesNotCompare(nameof(ExpireBatchAsync));

    internal sealed class PurgesByAnyClock() : DoesNotCompare(nameof(PurgeAsync));

    internal abstract class DoesNotCompare(string without) : ClockedStore
    {
        protected override Task<T> StepAsync<T>(string verb, StoreInstant now, Func<Task<T>> step) =>
            string.Equals(verb, without, StringComparison.Ordinal) ? step() : base.StepAsync(verb, now, step);
    }

    internal sealed class NeverReachesTheTolerance : ClockedStore
    {
        protected override Task<T> StepAsync<T>(string verb, StoreInstant now, Func<Task<T>> step) =>
            base.StepAsync(verb, now with { Tolerance = now.Tolerance * 100_000 }, step);
    }

    internal sealed class LooksOnlyForClocksThatAreBehind : ClockedStore
    {
        protected override Task<T> StepAsync<T>(string verb, StoreInstant now, Func<Task<T>> step) =>
            now.At > Clock() ? step() : base.StepAsync(verb, now, step);
    }

    internal sealed class AllowsNoDifference : ClockedStore
    {
        protected override Task<T> StepAsync<T>(string verb, StoreInstant now, Func<Task<T>> step) =>
            base.StepAsync(verb, now with { Tolerance = now.Tolerance is null ? null : TimeSpan.Zero }, step);
    }

    internal sealed class RefusesAfterTheStep : ClockedStore
    {
        protected override async Task<T> StepAsync<T>(string verb, StoreInstant now, Func<Task<T>> step)
        {
            var answer = await step();
            now.Check(Clock());
            return answer;
        }
    }

    internal sealed class ShowsTheTimeOfAnotherCall : ClockedStore
    {
        private readonly DateTimeOffset _opened = TimeProvider.System.GetUtcNow();
        private int _calls;

        protected override DateTimeOffset Clock() => Interlocked.Increment(ref _calls) % 16 == 15 ? _opened : base.Clock();
    }
}
