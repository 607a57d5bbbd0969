namespace Hanzo.Sessions;

/// <summary>
/// A stored session under the token hash it has, and its places in the lists that find it: the links are in here
/// because a million sessions would otherwise need several million small objects. <see cref="Session"/> is replaced as
/// a whole, so it is read without a lock; everything is written under the lock of the user's shard, the links of the
/// tables under theirs.
/// </summary>
/// <remarks>The token hash never changes, because lookups read it without a lock: a rotation puts a new node in the place of the old one.</remarks>
internal sealed class SessionNode(Session session, SessionTokenHash tokenHash)
{
    private Session _session = session;

    public Session Session
    {
        get => Volatile.Read(ref _session);
        set => Volatile.Write(ref _session, value);
    }

    public SessionTokenHash TokenHash { get; } = tokenHash;

    /// <summary>The number of the user's shard.</summary>
    public int Shard { get; set; }

    /// <summary>The next in the same place of the table by token hash.</summary>
    public SessionNode? NextByToken;

    /// <summary>The next in the same place of the table by id.</summary>
    public SessionNode? NextById;

    // The user's other sessions that have not ended.
    public SessionNode? NextOfUser { get; set; }

    public SessionNode? PreviousOfUser { get; set; }

    // The others in the same bucket of the expiry wheel.
    public SessionNode? NextInBucket { get; set; }

    public SessionNode? PreviousInBucket { get; set; }

    public uint Bucket { get; set; } = ExpiryWheel.NotFiled;
}
