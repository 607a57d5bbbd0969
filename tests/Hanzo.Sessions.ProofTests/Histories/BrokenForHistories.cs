using Hanzo.Sessions.StoreTests.BrokenStores;

namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>Stores that break one promise each, as real ones have done.</summary>
internal static class BrokenForHistories
{
    /// <summary>V4: an activity is an upsert of what was read before.</summary>
    internal sealed class WritesBackWhatItHasRead : PlainStore
    {
        public override async ValueTask<SessionTouchResult> TouchAsync(SessionTouch touch, CancellationToken cancellationToken = default)
        {
            var read = (await FindAsync(touch.Id, cancellationToken)).Session;
            await Interleaving.PauseAsync();
            lock (Lock)
            {
                if (RowOf(touch.Id) is { } row && read is { End: null })
                {
                    row.Session = read with { LastActiveAt = touch.At };
                }
            }

            return new SessionTouchResult(read is { End: null });
        }
    }

    /// <summary>V4: a cache in front of the lookup that nobody empties.</summary>
    internal sealed class AnswersFromACache : PlainStore
    {
        private readonly Dictionary<SessionTokenHash, Session> _cache = [];

        public override async ValueTask<FoundSession> FindByTokenAsync(SessionTokenHash tokenHash, CancellationToken cancellationToken = default)
        {
            if (_cache.TryGetValue(tokenHash, out var cached) && cached.IsActive(DateTimeOffset.MinValue))
            {
                return new FoundSession(cached);
            }

            var found = (await base.FindByTokenAsync(tokenHash, cancellationToken)).Session;
            if (found is not null)
            {
                _cache[tokenHash] = found;
            }

            return new FoundSession(found);
        }
    }

    /// <summary>C2: counts, and inserts later.</summary>
    internal sealed class CountsThenInserts : PlainStore
    {
        public override async Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default)
        {
            int active;
            lock (Lock)
            {
                active = Rows.Count(row => Counts(row.Session, creation));
            }

            await Interleaving.PauseAsync();
            return await base.CreateAsync(active < creation.Limit!.MaxSessions ? creation with { Limit = null } : creation, cancellationToken);
        }
    }

    /// <summary>An activity takes long enough for the others to let its session's time run out and to sign in or clean up.</summary>
    internal abstract class LateActivities : PlainStore
    {
        public override async ValueTask<SessionTouchResult> TouchAsync(SessionTouch touch, CancellationToken cancellationToken = default)
        {
            for (var turns = 0; turns < 120; turns++)
            {
                await Interleaving.PauseAsync();
            }

            return await base.TouchAsync(touch, cancellationToken);
        }
    }

    /// <summary>C2: what has timed out is not counted, and an activity that was on its way prolongs it.</summary>
    internal sealed class LeavesTimedOutToLateActivities : LateActivities
    {
        protected override IEnumerable<Row> TimedOut(SessionCreation creation) => [];
    }

    /// <summary>V4: a termination passes over what has timed out, and an activity that was on its way prolongs it.</summary>
    internal sealed class PassesOverTheTimedOut : LateActivities
    {
        protected override IEnumerable<Row> TimedOut(SessionFilter filter, SessionEnd end) => [];
    }

    /// <summary>C2 refused: the presented session keeps its place.</summary>
    internal sealed class CountsTheReplaced : PlainStore
    {
        public override async Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default)
        {
            var without = await base.CreateAsync(creation with { Replaces = null }, cancellationToken);
            if (without.Outcome == SessionCreationOutcome.Created && creation.Replaces is { } hash)
            {
                lock (Lock)
                {
                    return Rows.Find(row => row.TokenHash == hash && IsActive(row.Session, creation.Session.CreatedAt)) is { } replaced
                        ? without with { Ended = [.. without.Ended, End(replaced, new SessionEnd(creation.Session.CreatedAt, SessionEndReason.Replaced, creation.By))] }
                        : without;
                }
            }

            return without;
        }
    }

    /// <summary>V3: an activity is acknowledged and forgotten.</summary>
    internal sealed class ForgetsActivities : PlainStore
    {
        protected override bool Touch(SessionTouch touch) => RowOf(touch.Id) is { } row && IsActive(row.Session, touch.At);
    }

    /// <summary>T8: an eviction ends one session more than it says.</summary>
    internal sealed class EvictsOneTooMany : PlainStore
    {
        protected override int HowManyToEvict(int counted, SessionLimit limit) => base.HowManyToEvict(counted, limit) switch
        {
            > 0 and var many when limit.Action != SessionLimitAction.Refuse => many + 1,
            var many => many,
        };

        public override async Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default)
        {
            var result = await base.CreateAsync(creation, cancellationToken);
            return result.Ended.Count(it => it.End.Reason == SessionEndReason.Evicted) > 1 ? result with { Ended = [.. result.Ended.SkipLast(1)] } : result;
        }
    }

    /// <summary>L2: the newest session is not in the list.</summary>
    internal sealed class MissesTheNewest : PlainStore
    {
        protected override IEnumerable<Session> Matches(SessionListing listing, DateTimeOffset now) => base.Matches(listing, now).SkipLast(1);
    }

    /// <summary>L3: a name is looked up by its beginning.</summary>
    internal sealed class ListsForeignSessions : PlainStore
    {
        protected override IEnumerable<Session> Matches(SessionListing listing, DateTimeOffset now) =>
            base.Matches(listing with { Filter = listing.Filter with { User = null } }, now);
    }

    /// <summary>T10: everybody who found the session active may rotate its token.</summary>
    internal sealed class LetsEverybodyRotate : PlainStore
    {
        public override async Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default)
        {
            var read = (await FindByTokenAsync(rotation.Current, cancellationToken)).Session;
            for (var turns = 0; turns < 20; turns++)
            {
                await Interleaving.PauseAsync();
            }

            return read is not null && read.IsActive(rotation.Now.At)
                ? await base.RotateAsync(rotation, cancellationToken) ?? read
                : null;
        }
    }

    /// <summary>V2: every activity moves the end of the absolute lifetime.</summary>
    internal sealed class SlidesTheAbsoluteTimeout : PlainStore
    {
        protected override bool Touch(SessionTouch touch)
        {
            var active = base.Touch(touch);
            if (active && RowOf(touch.Id) is { } row && row.Session.LastActiveAt == touch.At)
            {
                row.Session = row.Session with { ExpiresAt = touch.At + (row.Session.ExpiresAt - row.Session.CreatedAt) };
            }

            return active;
        }
    }

    /// <summary>V7: an activity that was on its way brings back what has timed out meanwhile.</summary>
    internal sealed class RevivesTheTimedOut : LateActivities
    {
        protected override bool Touch(SessionTouch touch)
        {
            if (RowOf(touch.Id) is { Session.End.By: null } row)
            {
                row.Session = row.Session with { End = null, LastActiveAt = touch.At };
                return true;
            }

            return base.Touch(touch);
        }
    }

    /// <summary>K1: reads what has timed out, and ends it later.</summary>
    internal sealed class ReportsTimeoutsTwice : PlainStore
    {
        public override async Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
            StoreInstant now, int maximum, CancellationToken cancellationToken = default)
        {
            List<Row> due;
            lock (Lock)
            {
                due = [.. Due(now.At).Take(maximum)];
            }

            await Interleaving.PauseAsync();
            return await Locked<IReadOnlyList<EndedSession>>(() => [.. due.Select(TimeOut)], cancellationToken);
        }
    }

    /// <summary>T8: reads what is to be ended, and ends it later.</summary>
    internal sealed class EndsWhatSomebodyElseHasEnded : PlainStore
    {
        public override async Task<SessionTerminationResult> TerminateAsync(
            SessionTermination termination, CancellationToken cancellationToken = default)
        {
            List<Row> selected;
            lock (Lock)
            {
                selected = Rows.FindAll(row => IsActive(row.Session, termination.End.At) && Selects(termination.Filter, row.Session));
            }

            await Interleaving.PauseAsync();
            return await Locked(() => new SessionTerminationResult([.. selected.Select(row => End(row, termination.End))]), cancellationToken);
        }
    }

    /// <summary>U2: whoever read the session before another has moved it moves it too.</summary>
    internal sealed class ReadsThenMoves : PlainStore
    {
        public override async Task<SessionMoveResult> MoveAsync(SessionMove move, CancellationToken cancellationToken = default)
        {
            var read = (await FindAsync(move.Id, cancellationToken)).Session;
            await Interleaving.PauseAsync();
            return read?.LastUse?.MovedAt == move.IfMovedAt
                ? await Locked(() => Move(move with { IfMovedAt = RowOf(move.Id)?.Session.LastUse?.MovedAt }), cancellationToken)
                : new SessionMoveResult(IsWritten: false);
        }
    }

    /// <summary>U5: a move that ends its session is answered so, and the session lives on.</summary>
    internal sealed class OnlySaysThatMovesEnd : PlainStore
    {
        protected override SessionMoveResult Move(SessionMove move) => base.Move(move with { Ends = false }) is { IsWritten: true } answer
            ? answer with { Ended = move.Ends ? Ended(RowOf(move.Id)!, move.At) : null }
            : new SessionMoveResult(IsWritten: false);

        private static EndedSession Ended(Row row, DateTimeOffset at) => new(
            row.Session.Id, row.Session.User, row.Session.Application, new SessionEnd(at, SessionEndReason.Moved, By: null), row.TokenHash);
    }

    /// <summary>U6: counts before it takes the user's turn.</summary>
    internal sealed class CountsTheAlarmBeforeTheTurn : PlainStore
    {
        public override async Task<SessionMoveResult> MoveAsync(SessionMove move, CancellationToken cancellationToken = default)
        {
            var before = await Locked(() => CountNetworks(move.User, move.At), cancellationToken);
            await Interleaving.PauseAsync();
            return await base.MoveAsync(move, cancellationToken) is { IsWritten: true } answer
                ? answer with { NetworksBefore = before }
                : new SessionMoveResult(IsWritten: false);
        }
    }

    /// <summary>U6: two sessions in one network count as two.</summary>
    internal sealed class CountsOneNetworkTwice : PlainStore
    {
        protected override int CountNetworks(SessionUser user, DateTimeOffset now) => Rows.Select(row => row.Session)
            .Where(it => it.User == user && IsActive(it, now))
            .Sum(it => NetworksOf(it).OfType<string>().Distinct(StringComparer.Ordinal).Count());
    }

    /// <summary>U1: a list knows the place of the sign-in only.</summary>
    internal sealed class ListsThePlaceOfTheSignIn : PlainStore
    {
        protected override IEnumerable<Session> Matches(SessionListing listing, DateTimeOffset now) =>
            base.Matches(listing, now).Select(it => it with { LastUse = null });
    }

    /// <summary>L5: history is purged before its time.</summary>
    internal sealed class PurgesTooEarly : PlainStore
    {
        public override Task<int> PurgeAsync(
            DateTimeOffset endedBy, StoreInstant now, int maximum, CancellationToken cancellationToken = default) =>
            base.PurgeAsync(endedBy.AddMinutes(5), now, maximum, cancellationToken);
    }

    /// <summary>U7: an adopted session is purged as any other, and its old sign-in is adopted once more.</summary>
    internal sealed class PurgesTheAdopted : PlainStore
    {
        protected override bool IsKept(Session session, DateTimeOffset now) => false;
    }
}
