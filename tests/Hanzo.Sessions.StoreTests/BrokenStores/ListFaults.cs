using System.Text.RegularExpressions;

namespace Hanzo.Sessions.StoreTests.BrokenStores;

/// <summary>Rows that should not be shown, or not there. Each store has one fault that a real store could have.</summary>
internal static class ListFaults
{
    internal sealed class ListsEndedSessions : PlainStore
    {
        protected override IEnumerable<Session> Matches(SessionListing listing, DateTimeOffset now) =>
            Rows.Select(row => row.Session with { Payload = default }).Where(session => Selects(listing.Filter, session));
    }

    internal sealed class ListsTimedOutSessions : PlainStore
    {
        protected override IEnumerable<Session> Matches(SessionListing listing, DateTimeOffset now) =>
            base.Matches(listing, listing.View == SessionView.History ? now : DateTimeOffset.MinValue);
    }

    internal sealed class ListsOtherOrganizations : PlainStore
    {
        protected override IEnumerable<Session> Matches(SessionListing listing, DateTimeOffset now) =>
            base.Matches(listing with { Filter = listing.Filter with { Scope = SessionScope.AllOrganizations } }, now);
    }

    internal sealed class BreaksNoTies : PlainStore
    {
        protected override int Order(SessionCursor left, SessionCursor right) =>
            left.Sort == SessionSort.User && left.View == SessionView.Records
                ? base.Order(left, right)
                : base.Order(left with { Id = right.Id, User = right.User, Application = right.Application }, right);
    }

    internal sealed class LooksForTheRowOfACursor : PlainStore
    {
        protected override IEnumerable<Session> Matches(SessionListing listing, DateTimeOffset now) =>
            listing is { View: not SessionView.Records, After: { } cursor } && !Rows.Any(row => row.Session.Id == cursor.Id)
                ? []
                : base.Matches(listing, now);
    }

    internal sealed class OrdersByUtf16Units : PlainStore
    {
        protected override int Order(SessionCursor left, SessionCursor right) =>
            string.CompareOrdinal(left.Text, right.Text) is var order and not 0 ? order : base.Order(left, right);
    }

    internal sealed class FoldsCase : PlainStore
    {
        protected override bool Selects(SessionFilter filter, Session session) =>
            base.Selects(filter with { User = null }, session)
            && (filter.User is null || string.Equals(filter.User, session.User.Name, StringComparison.OrdinalIgnoreCase));
    }

    internal sealed class TakesPrefixesAsPatterns : PlainStore
    {
        protected override bool Selects(SessionFilter filter, Session session) =>
            base.Selects(filter with { UserPrefix = null }, session)
            && (filter.UserPrefix is null || Like(filter.UserPrefix).IsMatch(session.User.Name));

        private static Regex Like(string prefix) => new(
            '^' + Regex.Escape(prefix).Replace("%", ".*", StringComparison.Ordinal).Replace('_', '.'),
            RegexOptions.CultureInvariant,
            TimeSpan.FromSeconds(1));
    }
}
