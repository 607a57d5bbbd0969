using Hanzo.Sessions.Benchmarks.Harness;
using static Hanzo.Sessions.Benchmarks.Harness.Outcome;

namespace Hanzo.Sessions.Benchmarks.Topics;

/// <summary>Pages of 25 at the beginning of a list, in its middle and near its end, reached by cursor.</summary>
/// <param name="manager">Whose lists.</param>
/// <param name="organization">Whose sessions.</param>
internal sealed class Pages(SessionManager manager, string organization)
{
    private const int Rows = 25;

    /// <summary>Compares the pages of both views.</summary>
    /// <param name="run">The run.</param>
    /// <param name="sessions">The name of the row for sessions by creation.</param>
    /// <param name="records">The name of the row for records by user and application.</param>
    /// <param name="rivals">Who else makes a page of sessions.</param>
    public async Task CompareAsync(Run run, string sessions, string records, params Contestant[] rivals)
    {
        if (run.Wants(sessions))
        {
            var (newest, oldest) = (await EdgeAsync(descending: true), await EdgeAsync(descending: false));
            await run.CompareAsync(
                sessions,
                [
                    SessionPage("near the end", Role.Ours, At(0.99)),
                    SessionPage("in the middle", Role.Rival, At(0.5)),
                    SessionPage("first page", Role.Floor, cursor: null),
                    .. rivals,
                ],
                [Target.AtMost(1.5, "first page"), Target.Within(TimeSpan.FromMilliseconds(1.5), "at most 1.5 ms")]);

            SessionCursor At(double share) => SessionCursor.Of(
                newest with { CreatedAt = newest.CreatedAt - ((newest.CreatedAt - oldest.CreatedAt) * share) }, Query.Resolve(SessionView.Sessions));
        }

        if (run.Wants(records))
        {
            await run.CompareAsync(
                records,
                [
                    // The names are user-0, user-1, user-10, ...: in the order of code points these are far apart.
                    RecordPage("near the end", Role.Ours, Record("user-98")),
                    RecordPage("in the middle", Role.Rival, Record("user-5")),
                    RecordPage("first page", Role.Floor, cursor: null),
                ],
                [Target.AtMost(1.5, "first page"), Target.Within(TimeSpan.FromMilliseconds(1.5), "at most 1.5 ms")]);
        }
    }

    private SessionCursor Record(string user) => new()
    {
        View = SessionView.Records,
        Sort = SessionSort.User,
        Descending = false,
        User = new SessionUser(organization, user),
        Application = "mail",
    };

    private async Task<Session> EdgeAsync(bool descending) => (await manager.ListAsync(
        Query with { Limit = 1, Sort = SessionSort.Created, Descending = descending })).Items[0];

    private SessionQuery Query { get; } = SessionQuery.Of(SessionScope.Of(organization)) with { Limit = Rows, Total = SessionTotalMode.None };

    private Contestant SessionPage(string name, Role role, SessionCursor? cursor) => Contestant.Of(name, role, async () =>
        Must((await manager.ListAsync(Query with { Cursor = cursor })).Items.Count == Rows));

    private Contestant RecordPage(string name, Role role, SessionCursor? cursor) => Contestant.Of(name, role, async () =>
        Must((await manager.ListRecordsAsync(Query with { Cursor = cursor })).Items.Count == Rows));
}
