using Hanzo.Sessions.Benchmarks.Harness;

namespace Hanzo.Sessions.Benchmarks.Topics;

/// <summary>A million sessions in an SQLite file.</summary>
internal sealed class SqliteScale : ITopic
{
    private const string Name = "SQLite, 1,000,000 rows";

    public IReadOnlyList<string> Works { get; } = [.. Scale.WorksOf(Name), .. Scale.PagesOf(Name)];

    public async Task RunAsync(Run run)
    {
        await using var few = await SqliteWorld.CreateAsync(100_000);
        await using var many = await SqliteWorld.CreateAsync(1_000_000);
        await new Scale(Name, await PlaceAsync(few), await PlaceAsync(many)).RunAsync(run, withPages: true);
    }

    private static async Task<Place> PlaceAsync(SqliteWorld world) =>
        new(world.Manager, world.Store, await Population.SignInAsync(world.Manager, 1_024, organization: "asked"));
}
