namespace Hanzo.Sessions;

/// <summary>
/// A stored session, its token hash, and its links in the lists that find it: separate links would be several million small
/// objects for a million sessions. <see cref="Session"/> is replaced as a whole, so readers need no lock. Writers hold the
/// lock of the user's shard, or of a table for its links.
/// </summary>
/// <remarks>Lookups read the token hash without a lock, so it never changes: a rotation replaces the node.</remarks>
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

    /// <summary>The next node in the same place of the table by token hash.</summary>
    public SessionNode? NextByToken;

    /// <summary>The next node in the same place of the table by id.</summary>
    public SessionNode? NextById;

    // The user's other sessions that have not ended.
    public SessionNode? NextOfUser { get; set; }

    public SessionNode? PreviousOfUser { get; set; }

    // The others in the same bucket of the expiry wheel.
    public SessionNode? NextInBucket { get; set; }

    public SessionNode? PreviousInBucket { get; set; }

    public uint Bucket { get; set; } = ExpiryWheel.NotFiled;
}
