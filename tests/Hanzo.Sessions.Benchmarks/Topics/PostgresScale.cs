using Hanzo.Sessions.Benchmarks.Harness;

namespace Hanzo.Sessions.Benchmarks.Topics;

/// <summary>A million rows in PostgreSQL, or as many as are asked for.</summary>
/// <param name="rows">How many.</param>
internal sealed class PostgresScale(int rows) : ITopic
{
    private readonly string _name = FormattableString.Invariant($"PostgreSQL, {rows:#,0} rows");

    public IReadOnlyList<string> Works => [.. Scale.WorksOf(_name), .. Scale.PagesOf(_name), Sorted(10_000), Sorted(100_000)];

    public async Task RunAsync(Run run)
    {
        await using var few = await PostgresWorld.StartAsync(run, 100_000);
        await using var many = await PostgresWorld.StartAsync(run, rows);
        await few.FillAsync(0, 10_000, "small");
        await SortedAsync(run, 10_000, few.Manager, "small");
        await SortedAsync(run, 100_000, few.Manager, "acme");
        await new Scale(_name, await PlaceAsync(few), await PlaceAsync(many)).RunAsync(run, withPages: true);
    }

    private static string Sorted(int sessions) =>
        FormattableString.Invariant($"a page by last activity, PostgreSQL, an organization of {sessions:#,0}");

    private static Task SortedAsync(Run run, int sessions, SessionManager manager, string organization) => run.CompareAsync(
        Sorted(sessions),
        [
            Contestant.Of("reads the organization's active sessions", Role.Ours, () => manager.ListAsync(new SessionQuery
            {
                Filter = new SessionFilter { Scope = SessionScope.Of(organization) },
                Sort = SessionSort.LastActive,
                Limit = 25,
                Total = SessionTotalMode.None,
            })),
        ],
        []);

    private static async Task<Place> PlaceAsync(PostgresWorld world) =>
        new(world.Manager, world.Store, await Population.SignInAsync(world.Manager, 1_024, organization: "asked"));
}
