namespace Hanzo.Sessions.StoreTests.BrokenStores;

/// <summary>Activities that are written down wrongly. Each store has one fault that a real store could have.</summary>
internal static class TouchFaults
{
    internal sealed class RevivesOnTouch : PlainStore
    {
        protected override bool Touch(SessionTouch touch)
        {
            if (RowOf(touch.Id) is { } row)
            {
                row.Session = row.Session with { End = null, LastActiveAt = touch.At };
            }

            return base.Touch(touch);
        }
    }

    internal sealed class ReadsThenWritesTouches : PlainStore
    {
        public override async ValueTask<IReadOnlyList<bool>> TouchAsync(
            IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken = default)
        {
            var read = await FindAsync(touches.Select(touch => touch.Id).FirstOrDefault(), cancellationToken);
            var answers = await base.TouchAsync(touches, cancellationToken);
            await Race.PauseAsync();
            lock (Lock)
            {
                if (answers is [true] && RowOf(read!.Id) is { } row && row.Session.LastActiveAt <= touches[0].At)
                {
                    row.Session = read with { LastActiveAt = touches[0].At };
                }
            }

            return answers;
        }
    }

    internal sealed class TouchesBackwards : PlainStore
    {
        protected override bool Touch(SessionTouch touch)
        {
            var active = base.Touch(touch);
            if (active && RowOf(touch.Id) is { } row)
            {
                row.Session = row.Session with { LastActiveAt = touch.At };
            }

            return active;
        }
    }

    internal sealed class WritesTouchesThatAreNotDue : PlainStore
    {
        protected override bool IsDue(SessionTouch touch, Session session) => true;
    }

    internal sealed class AnswersTouchesAsOne : PlainStore
    {
        public override async ValueTask<IReadOnlyList<bool>> TouchAsync(
            IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken = default)
        {
            var answers = await base.TouchAsync(touches, cancellationToken);
            return [.. answers.Select(_ => answers.Any(answer => answer))];
        }
    }
}
