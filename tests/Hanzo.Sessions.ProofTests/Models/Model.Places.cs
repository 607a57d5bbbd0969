namespace Hanzo.Sessions.ProofTests.Models;

/// <content>Where sessions are used.</content>
internal sealed partial class Model
{
    /// <summary>The places that each of the two managers has told of a session since an instant.</summary>
    private readonly Dictionary<(bool Ends, SessionId Id), (DateTimeOffset Since, HashSet<(char, char)> Places)> _told = [];

    private async Task ValidateFromAsync(ModelSession session, ModelPlace place, bool passive, bool ends)
    {
        var status = Judge(session);
        if (status == SessionStatus.Active)
        {
            status = Use(session, session.View, place, passive, ends)!.Value;
        }

        var answer = await (ends ? _strict : _manager).ValidateAsync(session.Token, place.Place, passive);
        Expect(answer.Status, status, $"is what {session.Id} was found to be");
        ExpectState(answer.Session!, session, withPayload: true);
    }

    /// <summary>Uses a session that was read before: much may have happened to it.</summary>
    private async Task RecordUseAsync(ModelSession session, ModelPlace place, bool passive, bool ends)
    {
        var (held, view) = (session.Snapshot, ModelView.Of(session.Snapshot));
        var used = !held.IsActive(Now) ? null
            : (passive || Now - view.LastActiveAt < Resolution) && view.IsKnown(place) ? SessionStatus.Active // Without asking.
            : Use(session, view, place, passive, ends);
        if (used is null && session.IsActive(Now))
        {
            used = Use(session, session.View, place, passive, ends);
        }

        var answer = await (ends ? _strict : _manager).RecordUseAsync(held, place.Place, passive);
        Expect(answer is not null, used == SessionStatus.Active, $"is whether a use of {session.Id} counted");
    }

    /// <summary>What becomes of a session that was read as active; null if it has changed since then.</summary>
    private SessionStatus? Use(ModelSession session, ModelView read, ModelPlace place, bool passive, bool ends)
    {
        var isDue = !passive && Now - read.LastActiveAt >= Resolution;
        if (read.IsKnown(place))
        {
            return !isDue ? SessionStatus.Active
                : read.IsSame(place) ? Touch(session)
                : Move(session, read, place, SessionMoveKinds.None, passive, ends: false);
        }

        var kinds = read.Judge(place);
        var isWritten = ends || read.LastUse?.MovedAt is not { } movedAt || Now - movedAt >= Resolution;
        if (kinds != SessionMoveKinds.None && isWritten)
        {
            return Move(session, read, place, kinds, passive, ends);
        }

        if (kinds != SessionMoveKinds.None)
        {
            HearMove(session.Id, read.LastUse, read, place, kinds, ends);
        }

        return !isDue ? SessionStatus.Active
            : kinds == SessionMoveKinds.None ? Move(session, read, place, kinds, passive, ends: false)
            : Touch(session);
    }

    private SessionStatus? Touch(ModelSession session)
    {
        if (!session.IsActive(Now))
        {
            return null;
        }

        session.LastActiveAt = session.LastActiveAt <= Now - Resolution ? Now : session.LastActiveAt;
        return SessionStatus.Active;
    }

    private SessionStatus? Move(ModelSession session, ModelView read, ModelPlace place, SessionMoveKinds kinds, bool passive, bool ends)
    {
        if (!session.IsActive(Now) || session.LastUse?.MovedAt != read.LastUse?.MovedAt)
        {
            return null;
        }

        var networks = CountNetworks(session.User);
        session.LastUse = read.At(place, kinds == SessionMoveKinds.None ? read.LastUse?.MovedAt : Now);
        session.LastActiveAt = !passive && Now > session.LastActiveAt ? Now : session.LastActiveAt;
        if (kinds != SessionMoveKinds.None)
        {
            HearMove(session.Id, session.LastUse, read, place, kinds, ends);
        }

        if (ends)
        {
            End(session, (Now, SessionEndReason.Moved));
        }

        HearCrossing(session.User, networks);
        return ends ? SessionStatus.Terminated : SessionStatus.Active;
    }

    /// <summary>Each manager tells each place of a session once per resolution.</summary>
    private void HearMove(SessionId id, SessionUse? shown, ModelView read, ModelPlace place, SessionMoveKinds kinds, bool ends)
    {
        if (!_told.TryGetValue((ends, id), out var told) || Now >= told.Since + Resolution || Now < told.Since)
        {
            _told[(ends, id)] = told = (Now, []);
        }

        if (told.Places.Add((place.MoveNetwork, place.Agent is { } agent ? agent[0] : '-')))
        {
            _toHear.Add(ModelObserver.Moved(id, shown, read.Use, read.At(place, Now), kinds));
        }
    }

    private int CountNetworks(SessionUser user) => NetworksOf(user).Count;

    private List<string> NetworksOf(SessionUser user) =>
    [
        .. _sessions.Where(it => it.User == user && it.IsActive(Now))
            .SelectMany(it => new[] { it.Place.AlarmNetwork, it.LastUse?.IpNetwork })
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    private void HearCrossing(SessionUser user, int before)
    {
        if (before < Threshold && CountNetworks(user) is >= Threshold and var after)
        {
            _toHear.Add(ModelObserver.Spread(user, after));
        }
    }

    private async Task ListIpSpreadAsync(SessionScope scope)
    {
        var page = await _manager.ListIpSpreadAsync(scope);
        var expected = Users
            .Where(it => scope.Contains(it) && CountNetworks(it) >= Threshold)
            .Select(it => $"{it} {string.Join(' ', NetworksOf(it))} {_sessions.Count(session => session.User == it && session.IsActive(Now))}");
        ExpectSame(page.Items.Select(it => $"{it.User} {string.Join(' ', it.Networks)} {it.SessionCount}"), expected, "are the alarms");
    }
}
