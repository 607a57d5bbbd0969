namespace Hanzo.Sessions;

/// <summary>
/// A stored session, and its places in the lists that find it. <see cref="Session"/> is replaced as a whole, so it is
/// read without a lock; everything is written under the lock of the user's shard.
/// </summary>
internal sealed class SessionNode(Session session, SessionTokenHash tokenHash)
{
    private Session _session = session;

    public Session Session
    {
        get => Volatile.Read(ref _session);
        set => Volatile.Write(ref _session, value);
    }

    public SessionTokenHash TokenHash { get; set; } = tokenHash;

    // The user's other sessions that have not ended.
    public SessionNode? NextOfUser { get; set; }

    public SessionNode? PreviousOfUser { get; set; }

    // The others in the same bucket of the expiry wheel, which guards these three with its own lock.
    public SessionNode? NextInBucket { get; set; }

    public SessionNode? PreviousInBucket { get; set; }

    public long Bucket { get; set; } = ExpiryWheel.NotFiled;
}
