using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions;

/// <summary>Tells the log and the observers what has happened, after it was committed.</summary>
internal sealed class SessionAnnouncer(IEnumerable<ISessionObserver> observers, ILogger<SessionManager> logger)
{
    private readonly ISessionObserver[] _observers = [.. observers];

    public async ValueTask CreatedAsync(Session session)
    {
        Log.Created(logger, session.Id, new Printable(session.User), new Printable(session.Application));
        await TellAsync(session with { Payload = default }, static (observer, it) => observer.OnCreatedAsync(it, default))
            .ConfigureAwait(false);
    }

    public async ValueTask RefusedAsync(SessionLimitExceededException refusal)
    {
        Log.Refused(logger, new Printable(refusal.User), refusal.ActiveSessions.Count, refusal.Limit.Maximum);
        await TellAsync(refusal, static (observer, it) => observer.OnRefusedAsync(it, default)).ConfigureAwait(false);
    }

    public async ValueTask EndedAsync(IReadOnlyList<EndedSession> sessions)
    {
        foreach (var session in sessions)
        {
            Log.Ended(logger, session.Id, new Printable(session.User), session.End.Reason, new Printable(session.End.By));
            await TellAsync(session, static (observer, it) => observer.OnEndedAsync(it, default)).ConfigureAwait(false);
        }
    }

    public async ValueTask IpSpreadAsync(Session session, int networks)
    {
        Log.IpSpread(logger, new Printable(session.User), networks);
        await TellAsync(
            (Session: session with { Payload = default }, Networks: networks),
            static (observer, it) => observer.OnIpSpreadAsync(it.Session, it.Networks, default)).ConfigureAwait(false);
    }

    private async ValueTask TellAsync<T>(T what, Func<ISessionObserver, T, ValueTask> tell)
    {
        foreach (var observer in _observers)
        {
            try
            {
                await tell(observer, what).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // The session is committed: no observer may turn that into a failure.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Log.ObserverFailed(logger, observer.GetType(), fault);
            }
        }
    }
}
