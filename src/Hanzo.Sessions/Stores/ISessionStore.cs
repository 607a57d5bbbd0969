namespace Hanzo.Sessions;

/// <summary>
/// Remembers sessions. It applies the limit and the instants that it is given, atomically, and decides nothing by itself: the rules are in <see cref="SessionManager"/>. Write a store for another
/// database, and prove it with the test kit of the package Hanzo.Sessions.Testing.
/// </summary>
/// <remarks>
/// <para><b>Active.</b> A session is active at an instant if it has not ended and the instant is before its
/// <see cref="Session.ActiveUntil"/>. A session that has not ended and is not active has timed out. Every verb judges by the
/// instant it receives, never by another clock.</para>
/// <para><b>Clocks.</b> A store whose database has a clock shows it with every lookup, and compares it when an instant comes
/// with a tolerance: see <see cref="StoreInstant"/>. A store without one leaves <see cref="FoundSession.StoreTime"/> null and
/// ignores tolerances.</para>
/// <para><b>Only create inserts.</b> Touch, rotate and terminate are conditional updates of an active session. Where
/// there is none they change nothing and say so: no request in flight can bring an ended session back.</para>
/// <para><b>Atomic.</b> Each verb happens completely or not at all, for any interleaving of any number of callers and
/// processes. Once it has answered, every later call on every server sees its effect, also after a crash. A crash may lose
/// only the last activities, and undo only the last purge.</para>
/// <para><b>A timeout is final.</b> A verb that treats a timed-out session as over also ends it, in the same step and as
/// <see cref="ExpireAsync"/> does. Otherwise an activity in flight, with an earlier instant, could prolong it afterward.</para>
/// <para><b>Failures</b> are the driver's own exceptions, untouched. A canceled call has done everything or nothing.</para>
/// <para><b>Text</b> is compared and sorted by code point, never folded. <b>Instants</b> are UTC in whole milliseconds
/// and come back as they were given. Ended sessions stay as history, without their payload, until
/// <see cref="PurgeAsync"/>.</para>
/// <para>A store is a thread-safe singleton, and another store may wrap it: every ended session is reported with the token
/// hash that died, and no verb assumes a connection or a transaction of the caller.</para>
/// </remarks>
public interface ISessionStore
{
    /// <summary>
    /// Makes the store ready: creates its schema, or checks that the store understands the one that is there and adds what it
    /// lacks, in a way that servers of the version before can go on using it. The host calls it once when it starts, unless <see cref="HanzoSessionsOptions.PrepareStoreAtStart"/> is off. Calling it again, or
    /// on many servers at once, does no harm.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task PrepareAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Answers a health check: is the database there, and is it as it should be? It fails as any other verb does when the
    /// database does not answer. A store that does not implement it looks for a session that does not exist.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    async Task<SessionStoreState> InspectAsync(CancellationToken cancellationToken = default)
    {
        await FindAsync(default, cancellationToken).ConfigureAwait(false);
        return new SessionStoreState();
    }

    /// <summary>
    /// Stores a new session, in one atomic step and in this order:
    /// <list type="number">
    /// <item>If its id or its token hash is stored already, change nothing and answer the stored session; none if
    /// <see cref="ForgetAsync"/> has kept the id only.</item>
    /// <item>End the active session of <see cref="SessionCreation.Replaces"/> with reason
    /// <see cref="SessionEndReason.Replaced"/>, regardless of its owner. If it has timed out, end it as
    /// <see cref="ExpireAsync"/> does.</item>
    /// <item>Count the user's active sessions in the scope of the limit.</item>
    /// <item>If there are <see cref="SessionLimit.MaxSessions"/> or more, either refuse and change nothing at all, or end as
    /// many as it takes for the new session to fit, with reason <see cref="SessionEndReason.Evicted"/>: the oldest, or those
    /// whose last activity was longest ago; ties go by id.</item>
    /// <item>If there is a limit, end the user's timed-out sessions, in any application, as <see cref="ExpireAsync"/> does.</item>
    /// <item>Add the session.</item>
    /// </list>
    /// </summary>
    /// <remarks>
    /// Creates of one user, and <see cref="TerminateAsync"/> with a filter that has a <see cref="SessionFilter.SingleUser"/>,
    /// take turns: each sees the other completely or not at all. The session of an
    /// <see cref="SessionCreationOutcome.AlreadyExists"/> may come with or without its payload. If the id and the token hash
    /// are stored with different sessions, either is a right answer.
    /// </remarks>
    /// <param name="creation">The session, its token hash, the limit, the presented token.</param>
    /// <param name="cancellationToken">Cancels before the step is committed.</param>
    Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default);

    /// <summary>The session that has this token hash, active or ended, with its payload unless it ended; no session when there is none.</summary>
    /// <remarks>One indexed lookup in one round trip: every request of a signed-in user pays for it.</remarks>
    /// <param name="tokenHash">The hash of the token that the client presented.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<FoundSession> FindByTokenAsync(SessionTokenHash tokenHash, CancellationToken cancellationToken = default);

    /// <summary>The session of this id, active or ended, with its payload unless it ended; no session when there is none.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<FoundSession> FindAsync(SessionId id, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes an activity down: if the session is active at <see cref="SessionTouch.At"/> and its last activity is not after
    /// <see cref="SessionTouch.IfLastActiveBy"/>, its last activity and <see cref="Session.ActiveUntil"/> move to the given
    /// instants, but never backwards.
    /// </summary>
    /// <param name="touch">The activity.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the session was active. True also if a newer activity made this write unnecessary.</returns>
    ValueTask<SessionTouchResult> TouchAsync(SessionTouch touch, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes down where a session is used, if it is active at <see cref="SessionMove.At"/> and the
    /// <see cref="SessionUse.MovedAt"/> of its <see cref="Session.LastUse"/> is <see cref="SessionMove.IfMovedAt"/> (null for a
    /// session without a last use). If the use is an activity, the last activity and <see cref="Session.ActiveUntil"/> move to
    /// the given instants too, but never backwards. If <see cref="SessionMove.Ends"/>, the same step ends the session; its
    /// history keeps the new use. Otherwise nothing changes.
    /// </summary>
    /// <remarks>
    /// It takes turns with the creates of the user, as <see cref="CreateAsync"/> says, so that of several that take the user
    /// over the threshold of an alarm, one does. Networks are counted as in <see cref="ListIpSpreadAsync"/>.
    /// </remarks>
    /// <param name="move">The session, where it is used, the instant.</param>
    /// <param name="cancellationToken">Cancels before the step is committed.</param>
    Task<SessionMoveResult> MoveAsync(SessionMove move, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives the active session of <see cref="SessionRotation.Current"/> another token hash (a fresh one, never stored
    /// before) and, where given, another payload, in one step. Nothing else changes. Of parallel rotations of one token
    /// exactly one succeeds.
    /// </summary>
    /// <param name="rotation">The two hashes, the payload, the instant.</param>
    /// <param name="cancellationToken">Cancels before the step is committed.</param>
    /// <returns>The session with its payload; null when no active session has the current hash.</returns>
    Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default);

    /// <summary>
    /// Replaces the payload of the active session that has <see cref="SessionPayloadChange.TokenHash"/>, if its payload is
    /// still <see cref="SessionPayloadChange.Read"/>, in one step. Nothing else changes. Of parallel changes of one payload
    /// exactly one succeeds.
    /// </summary>
    /// <param name="change">The token hash, the payload that was read, the new one, the instant.</param>
    /// <param name="cancellationToken">Cancels before the step is committed.</param>
    /// <returns>False when no active session has this hash and this payload. Nothing changed.</returns>
    Task<bool> ReplacePayloadAsync(SessionPayloadChange change, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends sessions, as one set-based operation, and answers only when that is durable:
    /// <list type="number">
    /// <item>If the filter selects <see cref="SessionTermination.Current"/> while it is active, end nothing and say so.</item>
    /// <item>End every active session that the filter selects.</item>
    /// <item>End every timed-out session that the filter selects, as <see cref="ExpireAsync"/> does; those that timed out
    /// at or before <see cref="SessionTermination.TimedOutSince"/> may stay.</item>
    /// </list>
    /// If another call ends one of the sessions concurrently, the others end all the same.
    /// </summary>
    /// <param name="termination">Which sessions, the end to write down, the protected session.</param>
    /// <param name="cancellationToken">Cancels before the step is committed.</param>
    Task<SessionTerminationResult> TerminateAsync(SessionTermination termination, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends one timed-out session: one that has not ended and whose <see cref="Session.ActiveUntil"/> is not after
    /// <paramref name="now"/>. The end is at ActiveUntil, without an actor, with reason
    /// <see cref="SessionEndReason.IdleTimeout"/>, or <see cref="SessionEndReason.Expired"/> when ActiveUntil is
    /// <see cref="Session.ExpiresAt"/>.
    /// </summary>
    /// <param name="id">The session.</param>
    /// <param name="now">The instant to judge by.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What ended; null when the session is active, unknown, or had ended before.</returns>
    Task<EndedSession?> ExpireAsync(SessionId id, StoreInstant now, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends timed-out sessions as <see cref="ExpireAsync"/> does. Of several servers that call this at once each gets other
    /// sessions: every timeout is reported exactly once.
    /// </summary>
    /// <param name="now">The instant to judge by.</param>
    /// <param name="maximum">How many to end at most.</param>
    /// <param name="cancellationToken">Cancels before the step is committed.</param>
    /// <returns>What ended; fewer than the maximum when other servers are ending all that is left.</returns>
    Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        StoreInstant now, int maximum, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes history: sessions that ended at or before <paramref name="endedBy"/>, except those whose
    /// <see cref="Session.KeepHistoryUntil"/> is after <paramref name="now"/>. It does not remove a session that has only
    /// timed out.
    /// </summary>
    /// <param name="endedBy">The latest end to remove.</param>
    /// <param name="now">The instant to judge by.</param>
    /// <param name="maximum">How many to remove at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many were removed.</returns>
    Task<int> PurgeAsync(
        DateTimeOffset endedBy, StoreInstant now, int maximum, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends a user's sessions, as <see cref="TerminateAsync"/> does, and removes them and the user's history at once. Of sessions
    /// whose <see cref="Session.KeepHistoryUntil"/> is after the instant, the store keeps the id until then, and nothing else: a
    /// create with this id changes nothing and answers <see cref="SessionCreationOutcome.AlreadyExists"/> without a session.
    /// <see cref="PurgeAsync"/> removes the id afterward.
    /// </summary>
    /// <remarks>
    /// It takes turns with the creates of the user, as <see cref="CreateAsync"/> says. A store that repeats a create whose answer was
    /// lost keeps the ids of sessions that are minutes old for some minutes too: otherwise the repeat would bring one back. If the
    /// answer to this call was lost, ends may stay unreported: nothing is left that would tell them.
    /// </remarks>
    /// <param name="forgetting">The user, and the end to report.</param>
    /// <param name="cancellationToken">Cancels before the step is committed.</param>
    /// <returns>What ended.</returns>
    Task<IReadOnlyList<EndedSession>> ForgetAsync(SessionForgetting forgetting, CancellationToken cancellationToken = default);

    /// <summary>
    /// A page of <see cref="SessionView.Sessions"/> (active sessions) or <see cref="SessionView.History"/> (all others),
    /// without payload. A page beyond the end is empty, never an error. A timed-out session is history, with or without an
    /// <see cref="Session.End"/>: the manager fills it in.
    /// </summary>
    /// <param name="listing">Filter, order, position, and how many rows.</param>
    /// <param name="now">The instant to judge by.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<Session>> ListAsync(
        SessionListing listing, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>
    /// A page of <see cref="SessionView.Records"/>: the active sessions that the filter selects, grouped by user and
    /// application, without payload.
    /// </summary>
    /// <param name="listing">Filter, order, position, and how many rows.</param>
    /// <param name="now">The instant to judge by.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<SessionRecord>> ListRecordsAsync(
        SessionListing listing, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>How many rows a list has over all its pages, but counting no further than <paramref name="maximum"/>.</summary>
    /// <param name="listing">The view and the filter; order and position do not matter.</param>
    /// <param name="now">The instant to judge by.</param>
    /// <param name="maximum">Where to stop counting.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<long> CountAsync(
        SessionListing listing, DateTimeOffset now, long maximum, CancellationToken cancellationToken = default);

    /// <summary>
    /// The users whose active sessions have at least <paramref name="threshold"/> distinct networks, ordered by organization and
    /// name. A session has that of its sign-in (<see cref="Session.IpNetwork"/>) and that of its last use
    /// (<see cref="SessionUse.IpNetwork"/>), where they are known.
    /// </summary>
    /// <param name="scope">The organization, or explicitly all of them.</param>
    /// <param name="threshold">How many networks are an alarm.</param>
    /// <param name="limit">How many users to answer at most.</param>
    /// <param name="offset">How many users to skip.</param>
    /// <param name="now">The instant to judge by.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<IpSpread>> ListIpSpreadAsync(
        SessionScope scope, int threshold, int limit, int offset, DateTimeOffset now, CancellationToken cancellationToken = default);
}
