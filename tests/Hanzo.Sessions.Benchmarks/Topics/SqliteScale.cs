using Hanzo.Sessions.Benchmarks.Harness;

namespace Hanzo.Sessions.Benchmarks.Topics;

internal sealed class SqliteScale : ITopic
{
    public IReadOnlyList<string> Works { get; } = [];

    public Task RunAsync(Run run) => Task.CompletedTask;
}
