namespace Hanzo.Sessions.StoreTests.BrokenStores;

/// <summary>The moment between two steps that should have been one.</summary>
internal static class Race
{
    public static Task PauseAsync() => Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
}
