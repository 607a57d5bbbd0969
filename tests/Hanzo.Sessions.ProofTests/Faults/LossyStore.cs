using Hanzo.Sessions.ProofTests.Histories;

namespace Hanzo.Sessions.ProofTests.Faults;

/// <summary>
/// A store behind a bad network. A seed decides what becomes of each call: it is late, its answer is old when it
/// arrives, it is lost on the way there or on the way back, or it is sent twice.
/// </summary>
internal sealed class LossyStore(ISessionStore inner, Random random) : PausingStore(new StoreThatKnowsRepeats(inner), random)
{
    private readonly Random _random = random;

    /// <summary>How many calls were lost or sent twice.</summary>
    public int Faults { get; private set; }

    protected override async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        var fate = _random.Next(100);
        Faults += fate < 30 ? 1 : 0;
        switch (fate)
        {
            case < 8:
                await PauseAsync();
                throw new StoreFaultException();

            // It has happened, and the caller is told that something broke.
            case < 16:
                await base.CallAsync(call);
                throw new StoreFaultException();

            // As a driver does that did not get an answer in time. One of the two answers is lost.
            case < 30:
                Recording.Current!.IsUncertain = true;
                var first = await base.CallAsync(call);
                var second = await base.CallAsync(call);
                return fate < 23 ? first : second;

            default:
                return await base.CallAsync(call);
        }
    }
}
