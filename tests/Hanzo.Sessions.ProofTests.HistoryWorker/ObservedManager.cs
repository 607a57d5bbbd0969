using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>A manager whose every call is recorded in the running operation, and whose alarms are kept.</summary>
internal sealed class ObservedManager : ISessionObserver
{
    private readonly ConcurrentQueue<AlarmFact> _alarms = [];

    public ObservedManager(ISessionStore store, IOptions<HanzoSessionsOptions> settings, Board board, ISessionPolicyProvider policies) =>
        Sessions = new SessionManager(new RecordedStore(store), settings, new RecordedClock(board), [this], policyProvider: policies);

    public SessionManager Sessions { get; }

    /// <summary>What was announced, as the last operation of a history.</summary>
    public Operation Alarms(long timestamp)
    {
        Sessions.FlushObserversAsync().GetAwaiter().GetResult();
        return new Operation { Kind = OperationKind.Alarms, Client = "observer", Start = timestamp, End = timestamp, Alarms = [.. _alarms] };
    }

    public ValueTask OnIpSpreadAsync(Session session, int networks, CancellationToken cancellationToken)
    {
        _alarms.Enqueue(new AlarmFact(session.Id.ToString(), networks));
        return ValueTask.CompletedTask;
    }
}
