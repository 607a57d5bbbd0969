using System.Collections.Concurrent;
using System.Globalization;

namespace Hanzo.Sessions.ProofTests.Models;

/// <summary>Writes down what observers hear, each event as a text.</summary>
internal sealed class ModelObserver : ISessionObserver
{
    private readonly ConcurrentQueue<string> _heard = [];

    public IReadOnlyList<string> Take()
    {
        List<string> heard = [];
        while (_heard.TryDequeue(out var one))
        {
            heard.Add(one);
        }

        return heard;
    }

    public static string Ended(SessionId id, DateTimeOffset at, SessionEndReason reason) =>
        string.Create(CultureInfo.InvariantCulture, $"{id} ended at {at:O} by {reason}");

    public static string Moved(SessionId id, SessionUse? shown, SessionUse from, SessionUse to, SessionMoveKinds kinds) =>
        string.Create(CultureInfo.InvariantCulture, $"{id} ({shown}) moved from {from} to {to} by {kinds}");

    public static string Spread(SessionUser user, int networks) =>
        string.Create(CultureInfo.InvariantCulture, $"{user} has come to {networks} networks");

    public ValueTask OnEndedAsync(EndedSession session, CancellationToken cancellationToken) =>
        Hear(Ended(session.Id, session.End.At, session.End.Reason));

    public ValueTask OnMovedAsync(SessionMoved moved, CancellationToken cancellationToken) =>
        Hear(Moved(moved.Session.Id, moved.Session.LastUse, moved.From, moved.To, moved.Kinds) + (moved.HasMore ? " and more" : ""));

    public ValueTask OnIpSpreadAsync(Session session, int networks, CancellationToken cancellationToken) =>
        Hear(Spread(session.User, networks));

    private ValueTask Hear(string heard)
    {
        _heard.Enqueue(heard);
        return ValueTask.CompletedTask;
    }
}
