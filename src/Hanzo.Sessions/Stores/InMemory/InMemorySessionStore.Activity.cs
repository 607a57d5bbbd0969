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
}
