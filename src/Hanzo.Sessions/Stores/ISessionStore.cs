namespace Hanzo.Sessions;

/// <summary>
/// Remembers sessions and decides nothing: the rules are in <see cref="SessionManager"/>. Write one for another
/// database and prove it with the test kit of the package Hanzo.Sessions.Testing.
/// </summary>
/// <remarks>
/// <para><b>Active.</b> A session is active at an instant when it was not ended and the instant is before its
/// <see cref="Session.ActiveUntil"/>. Every verb judges by the instant it is handed; a store reads no clock.</para>
/// <para><b>Only create inserts.</b> Touch, rotate and terminate are conditional updates of an active session. Where
/// there is none they change nothing and say so: no request in flight can bring an ended session back.</para>
/// <para><b>Atomic.</b> Each verb happens completely or not at all, for any interleaving of any number of callers and
/// processes. Once it has answered, every later call on every server sees its effect, also after a crash; only
/// the last activities may be lost in one, and the last purge undone.</para>
/// <para><b>Failures</b> are the driver's own exceptions, untouched. A cancelled call has done everything or nothing.</para>
/// <para><b>Text</b> is compared and sorted by code point, never folded. <b>Instants</b> are UTC in whole milliseconds
/// and come back as they were given. Ended sessions stay as history, without their payload, until
/// <see cref="PurgeAsync"/>.</para>
/// <para>A store is a thread-safe singleton, and may be wrapped by another one: whatever dies is reported with its
/// token hash, and no verb assumes a connection or a transaction of the caller.</para>
/// </remarks>
public interface ISessionStore
{
    /// <summary>
    /// Makes the store ready: creates its schema, or checks that it is one the store understands. Called once when
    /// the host starts, unless <see cref="HanzoSessionsOptions.PrepareStoreAtStart"/> is off. Calling it again, or
    /// on many servers at once, does no harm.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task PrepareAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Asks the database, for a health check, whether it is there and as it should be. It fails as any other verb does
    /// when the database does not answer. A store that does not implement it is only asked for a session that nobody has.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    async Task<SessionStoreState> InspectAsync(CancellationToken cancellationToken = default)
    {
        await FindAsync(default, cancellationToken).ConfigureAwait(false);
        return new SessionStoreState();
    }

    /// <summary>
    /// Stores a new session. In one atomic step, in this order: when its id or its token hash is stored already,
    /// nothing changes and the stored session is the answer; the active session of
    /// <see cref="SessionCreation.Replaces"/> ends with reason <see cref="SessionEndReason.Replaced"/>, whoever it
    /// belongs to, or as with <see cref="ExpireAsync"/> when its time is up; the user's active sessions in the limit's scope are counted; when there are
    /// <see cref="SessionLimit.Maximum"/> or more, either the step is refused and nothing at all changes, or as many
    /// as it takes end with reason <see cref="SessionEndReason.Evicted"/> (the oldest, or those whose last activity
    /// is longest ago; ties by id), so that the new one fits; where a limit is given, the user's sessions whose time is
    /// up, in any application, end as with <see cref="ExpireAsync"/>; the session is added.
    /// </summary>
    /// <remarks>
    /// Sessions whose time is up are not counted, so they must be over for good: an activity that is under way, with an
    /// earlier instant, would otherwise take the user beyond the limit, or prolong the presented session.
    /// Creates of one user, and <see cref="TerminateAsync"/> with a filter that names that one user, take turns:
    /// each sees the other completely or not at all. The stored session of an <see cref="SessionCreationOutcome.AlreadyExists"/>
    /// may come with or without its payload; where the id and the token hash are stored with different sessions, either is
    /// the answer.
    /// </remarks>
    /// <param name="creation">The session, its token hash, the limit, the presented token.</param>
    /// <param name="cancellationToken">Cancels before the step is committed.</param>
    Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default);

    /// <summary>The session that has this token hash, active or ended, with its payload while it is not ended; null when there is none.</summary>
    /// <remarks>One indexed lookup in one round trip: every request of a signed-in user pays for it.</remarks>
    /// <param name="tokenHash">The hash of what the client presented.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<Session?> FindByTokenAsync(SessionTokenHash tokenHash, CancellationToken cancellationToken = default);

    /// <summary>The session of this id, active or ended, with its payload while it is not ended; null when there is none.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<Session?> FindAsync(SessionId id, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes activities down, each for itself: where the session is active at <see cref="SessionTouch.At"/> and its
    /// last activity is not after <see cref="SessionTouch.IfLastActiveBy"/>, that and <see cref="Session.ActiveUntil"/>
    /// move to the given instants, but never backwards. An activity of an active session that is not written, because
    /// another one was, answers true all the same.
    /// </summary>
    /// <param name="touches">The activities; no id twice.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>For each activity, in order, whether its session was active.</returns>
    ValueTask<IReadOnlyList<bool>> TouchAsync(
        IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives the active session of <see cref="SessionRotation.Current"/> another token hash (a fresh one, never stored
    /// before) and, where given, another payload, in one step; of parallel rotations of one token exactly one succeeds.
    /// Nothing else changes.
    /// </summary>
    /// <param name="rotation">The two hashes, the payload, the instant.</param>
    /// <param name="cancellationToken">Cancels before the step is committed.</param>
    /// <returns>The session with its payload; null when no active session has the current hash.</returns>
    Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends all active sessions that a filter selects, as one set-based operation, and answers only when that is
    /// durable. When <paramref name="current"/> is among them, nothing is ended and the answer's list is empty. Those that
    /// the filter selects and whose time is up end in the same step, each as with <see cref="ExpireAsync"/>; where it names
    /// neither an id nor one user, those whose time was up more than ten minutes ago may be left to clean-up.
    /// </summary>
    /// <remarks>
    /// A session whose time is up must be over for good once this has answered: an activity that is under way, with an
    /// earlier instant, would otherwise prolong it. None is under way for ten minutes, and where nobody cleans up there may
    /// be millions. A session that somebody else ends meanwhile does not keep the others
    /// from being ended.
    /// </remarks>
    /// <param name="filter">Which sessions.</param>
    /// <param name="end">The instant, the reason and the actor to write down.</param>
    /// <param name="current">The protected session; null for none.</param>
    /// <param name="cancellationToken">Cancels before the step is committed.</param>
    Task<SessionTermination> TerminateAsync(
        SessionFilter filter, SessionEnd end, SessionId? current = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends one session whose time is up: not ended, and <see cref="Session.ActiveUntil"/> is not after
    /// <paramref name="now"/>. The end is at ActiveUntil, by nobody, with reason
    /// <see cref="SessionEndReason.IdleTimeout"/>, or <see cref="SessionEndReason.Expired"/> when ActiveUntil is
    /// <see cref="Session.ExpiresAt"/>.
    /// </summary>
    /// <param name="id">The session.</param>
    /// <param name="now">The instant to judge by.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What was ended; null when the session is still active, or had been ended by somebody.</returns>
    Task<EndedSession?> ExpireAsync(SessionId id, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>
    /// As <see cref="ExpireAsync"/>, for any sessions whose time is up. Of several servers that do this at once each
    /// gets other sessions: every expiry is reported exactly once.
    /// </summary>
    /// <param name="now">The instant to judge by.</param>
    /// <param name="maximum">How many to end at most.</param>
    /// <param name="cancellationToken">Cancels before the step is committed.</param>
    /// <returns>What was ended; fewer than the maximum when no more are left that nobody else is ending.</returns>
    Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        DateTimeOffset now, int maximum, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes history: sessions that were ended (not those that have only timed out) at or before <paramref name="endedBy"/>, except those whose
    /// <see cref="Session.KeepHistoryUntil"/> is after <paramref name="now"/>.
    /// </summary>
    /// <param name="endedBy">The latest end to remove.</param>
    /// <param name="now">The instant to judge by.</param>
    /// <param name="maximum">How many to remove at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many were removed.</returns>
    Task<int> PurgeAsync(
        DateTimeOffset endedBy, DateTimeOffset now, int maximum, CancellationToken cancellationToken = default);

    /// <summary>
    /// The rows of a page of <see cref="SessionView.Sessions"/> (active sessions) or <see cref="SessionView.History"/>
    /// (all others), without payload. Rows beyond the end are none, never an error. A timed-out session that nobody has
    /// ended yet is history, with or without its <see cref="Session.End"/>: the manager fills it in.
    /// </summary>
    /// <param name="query">Filter, order (set, both sort and direction), position, and how many rows.</param>
    /// <param name="now">The instant to judge by.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<Session>> ListAsync(
        SessionQuery query, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>
    /// The rows of a page of <see cref="SessionView.Records"/>: the active sessions that the filter selects, grouped
    /// by user and application, without payload.
    /// </summary>
    /// <param name="query">Filter, order (set, both sort and direction), position, and how many rows.</param>
    /// <param name="now">The instant to judge by.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<SessionRecord>> ListRecordsAsync(
        SessionQuery query, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>How many rows a list has over all its pages, but counting no further than <paramref name="maximum"/>.</summary>
    /// <param name="query">The view and the filter; order and position do not matter.</param>
    /// <param name="now">The instant to judge by.</param>
    /// <param name="maximum">Where to stop counting.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<long> CountAsync(
        SessionQuery query, DateTimeOffset now, long maximum, CancellationToken cancellationToken = default);

    /// <summary>
    /// The users whose active sessions have at least <paramref name="threshold"/> distinct
    /// <see cref="Session.IpNetwork"/>, ordered by organization and name. A session without one counts for none.
    /// </summary>
    /// <param name="scope">The organization, or explicitly all of them.</param>
    /// <param name="threshold">How many are an alarm.</param>
    /// <param name="offset">How many users to skip.</param>
    /// <param name="limit">How many users to answer at most.</param>
    /// <param name="now">The instant to judge by.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<IpSpread>> ListIpSpreadAsync(
        SessionScope scope, int threshold, int offset, int limit, DateTimeOffset now, CancellationToken cancellationToken = default);
}
