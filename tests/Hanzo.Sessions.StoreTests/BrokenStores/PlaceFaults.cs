namespace Hanzo.Sessions.StoreTests.BrokenStores;

/// <summary>Moves that are written down wrongly. Each store has one fault that a real store could have.</summary>
internal static class PlaceFaults
{
    internal sealed class RevivesOnMove : PlainStore
    {
        protected override SessionMoveResult Move(SessionMove move)
        {
            if (RowOf(move.Id) is { Session.End: not null } row)
            {
                row.Session = row.Session with { End = null, LastActiveAt = move.At };
            }

            return base.Move(move);
        }
    }

    internal sealed class MovesWhateverWasRead : PlainStore
    {
        protected override bool IsAsRead(Row row, SessionMove move) => true;
    }

    internal sealed class ReadsThenMoves : PlainStore
    {
        public override async Task<SessionMoveResult> MoveAsync(SessionMove move, CancellationToken cancellationToken = default)
        {
            var read = (await FindAsync(move.Id, cancellationToken)).Session;
            await Race.PauseAsync();
            return read?.LastUse?.MovedAt == move.IfMovedAt
                ? await Locked(() => base.Move(move with { IfMovedAt = RowOf(move.Id)?.Session.LastUse?.MovedAt }), cancellationToken)
                : new SessionMoveResult(IsWritten: false);
        }
    }

    internal sealed class ReadsThenWritesMoves : PlainStore
    {
        public override async Task<SessionMoveResult> MoveAsync(SessionMove move, CancellationToken cancellationToken = default)
        {
            var read = (await FindAsync(move.Id, cancellationToken)).Session;
            var answer = await base.MoveAsync(move, cancellationToken);
            await Race.PauseAsync();
            lock (Lock)
            {
                if (answer is { IsWritten: true, Ended: null } && RowOf(move.Id) is { } row)
                {
                    row.Session = read! with { LastUse = move.Use, LastActiveAt = move.At };
                }
            }

            return answer;
        }
    }

    internal sealed class MovesTheSessionsOfOthers : PlainStore
    {
        protected override SessionMoveResult Move(SessionMove move) =>
            base.Move(RowOf(move.Id) is { } row ? move with { User = row.Session.User } : move);
    }

    internal sealed class ProlongsByPassiveMoves : PlainStore
    {
        protected override bool IsActivity(SessionMove move) => true;
    }

    internal sealed class MovesActivityBackwards : PlainStore
    {
        protected override SessionMoveResult Move(SessionMove move)
        {
            var answer = base.Move(move);
            if (answer.IsWritten && IsActivity(move) && RowOf(move.Id) is { Session.End: null } row)
            {
                row.Session = row.Session with { LastActiveAt = move.At };
            }

            return answer;
        }
    }

    internal sealed class ForgetsTheUseAtTheEnd : PlainStore
    {
        protected override Session EndOf(Session session, SessionEnd end) => base.EndOf(session, end) with { LastUse = null };
    }

    internal sealed class WritesMovesInsteadOfEndingSessions : PlainStore
    {
        protected override SessionMoveResult Move(SessionMove move) => base.Move(move with { Ends = false });
    }

    internal sealed class CountsTheAlarmBeforeTheTurn : PlainStore
    {
        public override async Task<SessionMoveResult> MoveAsync(SessionMove move, CancellationToken cancellationToken = default)
        {
            var before = await Locked(() => CountNetworks(move.User, move.At), cancellationToken);
            await Race.PauseAsync();
            return await base.MoveAsync(move, cancellationToken) is { IsWritten: true } answer
                ? answer with { NetworksBefore = before }
                : new SessionMoveResult(IsWritten: false);
        }
    }

    internal sealed class CountsTheLastNetworkOnly : PlainStore
    {
        protected override string?[] NetworksOf(Session session) => [session.LastUse is { } use ? use.IpNetwork : session.IpNetwork];
    }

    internal sealed class CountsTheNetworkOfTheSignInOnly : PlainStore
    {
        protected override string?[] NetworksOf(Session session) => [session.IpNetwork];
    }

    internal sealed class FiltersByTheAddressOfTheSignInOnly : PlainStore
    {
        protected override bool Selects(SessionFilter filter, Session session) => base.Selects(filter, session with { LastUse = null });
    }

    internal sealed class FiltersByTheLastAddressOnly : PlainStore
    {
        protected override bool Selects(SessionFilter filter, Session session) =>
            base.Selects(filter, session with { IpAddress = session.LastIpAddress });
    }
}
