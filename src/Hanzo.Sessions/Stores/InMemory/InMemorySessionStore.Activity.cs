namespace Hanzo.Sessions;

public sealed partial class InMemorySessionStore
{
    /// <inheritdoc/>
    public ValueTask<FoundSession> FindByTokenAsync(
        SessionTokenHash tokenHash, CancellationToken cancellationToken = default) =>
        new(new FoundSession(_byToken.Find(tokenHash)?.Session));

    /// <inheritdoc/>
    public ValueTask<FoundSession> FindAsync(SessionId id, CancellationToken cancellationToken = default) =>
        new(new FoundSession(_byId.Find(id)?.Session));

    /// <inheritdoc/>
    public ValueTask<SessionTouchResult> TouchAsync(SessionTouch touch, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(new SessionTouchResult(Touch(touch)));
    }

    private bool Touch(SessionTouch touch)
    {
        if (_byId.Find(touch.Id) is not { } found)
        {
            return false;
        }

        var shard = ShardOf(found);
        lock (shard.Lock)
        {
            if (_byId.Find(touch.Id) is not { } node || !node.Session.IsActive(touch.At))
            {
                return false;
            }

            var session = node.Session;
            if (touch.At > session.LastActiveAt && session.LastActiveAt <= touch.IfLastActiveBy)
            {
                Saw(touch.At);
                node.Session = session with { LastActiveAt = touch.At };
            }

            return true;
        }
    }

    /// <inheritdoc/>
    public Task<SessionMoveResult> MoveAsync(SessionMove move, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(move);
        cancellationToken.ThrowIfCancellationRequested();
        var shard = ShardOf(move.User);
        lock (shard.Lock)
        {
            return Task.FromResult(Move(move, shard));
        }
    }

    private SessionMoveResult Move(SessionMove move, SessionShard shard)
    {
        if (_byId.Find(move.Id) is not { Session: var session } node
            || session.User != move.User
            || !session.IsActive(move.At)
            || session.LastUse?.MovedAt != move.IfMovedAt)
        {
            return new SessionMoveResult(IsWritten: false);
        }

        var before = shard.CountNetworks(shard.First(move.User), move.At);
        Saw(move.At);
        node.Session = session with
        {
            LastUse = move.Use with
            {
                IpAddress = _strings.Share(move.Use.IpAddress),
                IpNetwork = _strings.Share(move.Use.IpNetwork),
                UserAgent = _strings.Share(move.Use.UserAgent),
                OtherFamilyIpAddress = _strings.Share(move.Use.OtherFamilyIpAddress),
            },
            LastActiveAt = move.ActiveUntil is not null && move.At > session.LastActiveAt ? move.At : session.LastActiveAt,
        };
        var ended = move.Ends ? End(node, new SessionEnd(move.At, SessionEndReason.Moved, By: null)) : null;
        return new SessionMoveResult(true, ended, before, shard.CountNetworks(shard.First(move.User), move.At));
    }
}
