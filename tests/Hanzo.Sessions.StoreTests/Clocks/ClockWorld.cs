using Hanzo.Sessions.Testing;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.StoreTests.Clocks;

/// <summary>One store with a clock that is right, and a second server on it whose clock is wrong.</summary>
internal sealed class ClockWorld : IAsyncDisposable
{
    public static readonly SessionCaller Caller = SessionCaller.Service("a test");

    private readonly SqliteFolder _folder = new();

    private ClockWorld()
    {
    }

    /// <summary>The clock of the store, and of the server that is right.</summary>
    public TestClock Clock { get; } = new();

    /// <summary>The clock of the server that may be wrong.</summary>
    public TestClock WrongClock { get; } = new();

    public StoreWithClock Store { get; private set; } = null!;

    public SessionManager Right { get; private set; } = null!;

    public SessionManager Wrong { get; private set; } = null!;

    public ClockLog Log { get; } = new();

    public HanzoSessionsOptions Settings { get; } = new();

    public DateTimeOffset Now => Clock.GetUtcNow();

    public DateTimeOffset WrongNow => WrongClock.GetUtcNow();

    /// <summary>Opens a store of a kind. The database server compares its own clock; the others are given one.</summary>
    public static async Task<ClockWorld> OpenAsync(string kind, Action<HanzoSessionsOptions>? configure = null)
    {
        var world = new ClockWorld();
        configure?.Invoke(world.Settings);
        var options = Options.Create(world.Settings);
        var store = await StoreOfKind.OpenAsync(kind, world._folder, world.Clock);
        world.Store = new StoreWithClock(store, string.Equals(kind, "PostgreSQL", StringComparison.Ordinal) ? null : world.Clock);
        world.Right = new SessionManager(world.Store, options, world.Clock, []);
        world.Wrong = new SessionManager(world.Store, options, world.WrongClock, [], world.Log);
        return world;
    }

    /// <summary>Sets the wrong clock; without this it is right.</summary>
    public void SetWrongBy(TimeSpan difference) => WrongClock.SetWallClock(Now + difference);

    /// <summary>Lets time pass for all clocks.</summary>
    public void Advance(TimeSpan by)
    {
        Clock.Advance(by);
        WrongClock.Advance(by);
    }

    public Task<IssuedSession> SignInAsync(SessionUser? user = null) =>
        Right.CreateAsync(new NewSession { User = user ?? TestSessions.Alice });

    public async Task<Session> StoredAsync(IssuedSession issued) =>
        (await Store.FindAsync(issued.Session.Id)).Session ?? throw new InvalidOperationException("The session is not stored.");

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Delete();
    }
}
