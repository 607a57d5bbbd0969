using Hanzo.Sessions.Benchmarks.Harness;

namespace Hanzo.Sessions.Benchmarks.Topics;

/// <summary>A million and five million sessions in memory.</summary>
internal sealed class MemoryScale : ITopic
{
    private static readonly (string Name, int Sessions)[] Sizes =
        [("in memory, 1,000,000 sessions", 1_000_000), ("in memory, 5,000,000 sessions", 5_000_000)];

    public IReadOnlyList<string> Works { get; } = [.. Sizes.SelectMany(size => Scale.WorksOf(size.Name))];

    public async Task RunAsync(Run run)
    {
        foreach (var (name, sessions) in Sizes.Where(size => Scale.WorksOf(size.Name).Any(run.Wants)))
        {
            var few = await FillAsync(100_000);
            await new Scale(name, few, await FillAsync(sessions)).RunAsync(run, withPages: false);
        }
    }

    private static async Task<Place> FillAsync(int sessions)
    {
        var store = Population.InMemory();
        var manager = Population.Manager(store);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        var tokens = new List<string>();
        for (var i = 0; i < sessions; i++)
        {
            var creation = Population.Session(i, now, TimeSpan.FromDays(1));
            if (i % (sessions / 1_024) == 0)
            {
                var token = SessionToken.New();
                creation = creation with { TokenHash = token.Hash() };
                tokens.Add(token.Reveal());
            }

            await store.CreateAsync(creation);
        }

        // Those whose user will be terminated are not asked about.
        return new Place(manager, store, [.. tokens.Skip(tokens.Count / 2)]);
    }
}
