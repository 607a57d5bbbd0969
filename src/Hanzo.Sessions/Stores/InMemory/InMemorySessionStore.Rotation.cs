namespace Hanzo.Sessions;

public sealed partial class InMemorySessionStore
{
    /// <inheritdoc/>
    public Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rotation);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_byToken.Find(rotation.Current) is { } node ? Rotate(rotation, ShardOf(node)) : null);
    }

    /// <inheritdoc/>
    public Task<bool> ReplacePayloadAsync(SessionPayloadChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_byToken.Find(change.TokenHash) is { } node && ReplacePayload(change, ShardOf(node)));
    }

    private bool ReplacePayload(SessionPayloadChange change, SessionShard shard)
    {
        lock (shard.Lock)
        {
            if (_byToken.Find(change.TokenHash) is not { } node
                || !node.Session.IsActive(change.Now.At)
                || !node.Session.Payload.Span.SequenceEqual(change.Read.Span))
            {
                return false;
            }

            node.Session = node.Session with { Payload = change.Payload };
            return true;
        }
    }

    private Session? Rotate(SessionRotation rotation, SessionShard shard)
    {
        lock (shard.Lock)
        {
            if (_byToken.Find(rotation.Current) is not { } old || !old.Session.IsActive(rotation.Now.At))
            {
                return null;
            }

            var session = rotation.Payload is { } payload ? old.Session with { Payload = payload } : old.Session;
            var node = new SessionNode(session, rotation.Next);
            shard.Remove(old);
            shard.Add(node);
            _byId.Replace(old, node);
            _byToken.Add(node);
            _byToken.Remove(old);
            return session;
        }
    }
}
