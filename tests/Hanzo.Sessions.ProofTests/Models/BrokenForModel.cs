using Hanzo.Sessions.StoreTests.BrokenStores;

namespace Hanzo.Sessions.ProofTests.Models;

/// <summary>Stores that break one rule each, of those that a sequence of calls shows.</summary>
internal static class BrokenForModel
{
    /// <summary>The idle timeout is a second too long.</summary>
    internal sealed class WaitsASecondLonger : PlainStore
    {
        public override Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default) =>
            base.CreateAsync(
                creation with { Session = creation.Session with { IdleTimeout = creation.Session.IdleTimeout + TimeSpan.FromSeconds(1) } },
                cancellationToken);
    }

    /// <summary>Every activity moves the end of the absolute lifetime, but nobody sees that until then.</summary>
    internal sealed class SlidesTheAbsoluteTimeout : PlainStore
    {
        private readonly Dictionary<SessionId, DateTimeOffset> _shown = [];

        public override async ValueTask<Session?> FindByTokenAsync(SessionTokenHash tokenHash, CancellationToken cancellationToken = default)
        {
            var found = await base.FindByTokenAsync(tokenHash, cancellationToken);
            if (found is { End: null } && _shown.TryGetValue(found.Id, out var activity) && activity + found.IdleTimeout >= found.ExpiresAt)
            {
                return found with { ExpiresAt = activity + TimeSpan.FromHours(24) };
            }

            return found;
        }

        protected override bool Touch(SessionTouch touch)
        {
            var active = base.Touch(touch);
            _shown[touch.Id] = touch.At;
            return active;
        }
    }

    /// <summary>An activity brings back what has ended.</summary>
    internal sealed class RevivesOnTouch : PlainStore
    {
        protected override bool Touch(SessionTouch touch)
        {
            if (RowOf(touch.Id) is { } row)
            {
                row.Session = row.Session with { End = null, LastActiveAt = touch.At };
            }

            return true;
        }
    }

    /// <summary>A bulk termination skips a row.</summary>
    internal sealed class SkipsOneOfMany : PlainStore
    {
        protected override SessionTerminationResult Terminate(SessionTermination termination)
        {
            var filter = termination.Filter;
            var selected = Rows.FindAll(row => IsActive(row.Session, termination.End.At) && Selects(filter, row.Session));
            return base.Terminate(termination with { Filter = selected.Count > 2 ? filter with { Except = selected[1].Session.Id } : filter });
        }
    }

    /// <summary>Counts, and inserts later.</summary>
    internal sealed class CountsThenInserts : PlainStore
    {
        public override async Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default)
        {
            int active;
            lock (Lock)
            {
                active = Rows.Count(row => Counts(row.Session, creation));
            }

            await Task.Yield();
            return await base.CreateAsync(active < creation.Limit!.MaxSessions ? creation with { Limit = null } : creation, cancellationToken);
        }
    }

    /// <summary>Ended sessions stay in the list.</summary>
    internal sealed class ListsTheEnded : PlainStore
    {
        protected override IEnumerable<Session> Matches(SessionListing listing, DateTimeOffset now) =>
            listing.View == SessionView.History
                ? base.Matches(listing, now)
                : Rows.Select(row => row.Session with { Payload = default }).Where(session => now < session.ExpiresAt && Selects(listing.Filter, session));
    }
}
