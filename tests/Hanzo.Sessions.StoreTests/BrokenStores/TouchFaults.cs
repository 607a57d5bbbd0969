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
        public override async ValueTask<SessionTouchResult> TouchAsync(SessionTouch touch, CancellationToken cancellationToken = default)
        {
            var read = (await FindAsync(touch.Id, cancellationToken)).Session;
            var answer = await base.TouchAsync(touch, cancellationToken);
            await Race.PauseAsync();
            lock (Lock)
            {
                if (answer.IsActive && RowOf(read!.Id) is { } row && row.Session.LastActiveAt <= touch.At)
                {
                    row.Session = read with { LastActiveAt = touch.At };
                }
            }

            return answer;
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
}
