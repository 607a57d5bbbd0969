using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace Hanzo.Sessions.Testing;

/// <summary>
/// What every <see cref="ISessionStore"/> must do, as NUnit tests. Derive a sealed class that opens your store, and run it.
/// Each fact gets its own empty store; the name of a fact states what is true if it passes.
/// </summary>
/// <remarks>
/// <para>If several servers can share the store, derive from <see cref="SharedSessionStoreContract"/>, which proves more.</para>
/// <para>The letters and numbers in the descriptions (C2, T5, ...) are the library's promises that the fact proves.</para>
/// <para>Facts are independent of each other and of their order, but must not run in parallel in one fixture.</para>
/// </remarks>
public abstract partial class SessionStoreContract
{
    private readonly List<ISessionStore> _opened = [];
    private ISessionStore? _store;

    /// <summary>The store of the running fact. It is empty when the fact begins.</summary>
    protected ISessionStore Store => _store ?? throw new InvalidOperationException("No fact is running.");

    /// <summary>
    /// Opens a store without sessions. The contract calls <see cref="ISessionStore.PrepareAsync"/>, and disposes the store when
    /// the fact ends, if it is disposable.
    /// </summary>
    protected abstract Task<ISessionStore> OpenEmptyStoreAsync();

    /// <summary>Removes what <see cref="OpenEmptyStoreAsync"/> created, such as a file. Called after the fact's stores are disposed.</summary>
    protected virtual Task RemoveStoreAsync() => Task.CompletedTask;

    /// <summary>Opens the store of a fact. NUnit calls it.</summary>
    [SetUp]
    public async Task OpenStoreOfFactAsync() => _store = await PreparedAsync(await OpenEmptyStoreAsync());

    /// <summary>Disposes the stores of a fact. NUnit calls it.</summary>
    [TearDown]
    public async Task CloseStoresOfFactAsync()
    {
        _store = null;
        foreach (var store in Enumerable.Reverse(_opened).ToList())
        {
            await CloseAsync(store);
        }

        await RemoveStoreAsync();
    }

    /// <summary>Prepares another store object for the running fact, which is disposed when the fact ends.</summary>
    private protected async Task<ISessionStore> PreparedAsync(ISessionStore store)
    {
        _opened.Add(store);
        await store.PrepareAsync();
        return store;
    }

    private protected async Task CloseAsync(ISessionStore store)
    {
        _opened.Remove(store);
        switch (store)
        {
            case IAsyncDisposable disposable:
                await disposable.DisposeAsync();
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }
    }

    private protected static SessionUser Alice => TestSessions.Alice;

    private protected static SessionUser Bob => TestSessions.Bob;

    private protected static SessionUser AliceElsewhere => TestSessions.AliceElsewhere;

    private protected static DateTimeOffset Start => TestSessions.Start;

    private protected static TimeSpan Millisecond => TimeSpan.FromMilliseconds(1);

    private protected static SessionFilter Everything => SessionFilter.Of(SessionScope.AllOrganizations);

    private protected static DateTimeOffset Minute(double minutes) => Start.AddMinutes(minutes);

    private protected static SessionFilter Only(SessionCreation creation) => Everything with { Id = creation.Session.Id };

    private protected static SessionEnd SignedOut(DateTimeOffset at) =>
        new(at, SessionEndReason.SignedOut, SessionActor.Service("a test"));

    private protected static EndedSession Ended(SessionCreation creation, SessionEnd end) =>
        new(creation.Session.Id, creation.Session.User, creation.Session.Application, end, creation.TokenHash);

    private protected static SessionId[] Ids(IEnumerable<SessionCreation> creations) => [.. creations.Select(it => it.Session.Id)];

    private protected static SessionId[] Ids(IEnumerable<Session> sessions) => [.. sessions.Select(it => it.Id)];

    private protected static SessionId[] Ids(IEnumerable<EndedSession> sessions) => [.. sessions.Select(it => it.Id)];

    private protected static SessionListing Listing(
        SessionFilter? filter = null,
        SessionView view = SessionView.Sessions,
        SessionSort? sort = null,
        bool descending = false,
        int limit = 500) => new()
        {
            Filter = filter ?? Everything,
            View = view,
            Sort = sort ?? (view == SessionView.Records ? SessionSort.User : SessionSort.Created),
            Descending = descending,
            Limit = limit,
        };

    private protected static SessionManager Manager(
        ISessionStore store, TimeProvider clock, Action<HanzoSessionsOptions>? configure = null)
    {
        var options = new HanzoSessionsOptions();
        configure?.Invoke(options);
        return new SessionManager(new StoreWithoutClock(store), Options.Create(options), clock);
    }

    private protected async Task<SessionCreation> AddAsync(SessionCreation creation)
    {
        var result = await Store.CreateAsync(creation);
        Assert.That(result.Outcome, Is.EqualTo(SessionCreationOutcome.Created), "the fact needs this session created");
        return creation;
    }

    private protected async Task<SessionCreation[]> AddAsync(params IEnumerable<SessionCreation> creations)
    {
        List<SessionCreation> added = [];
        foreach (var creation in creations)
        {
            added.Add(await AddAsync(creation));
        }

        return [.. added];
    }

    private protected async Task<EndedSession> EndAsync(SessionCreation creation, SessionEnd end)
    {
        var termination = await Store.TerminateAsync(Only(creation), end);
        Assert.That(termination.Ended, Is.EqualTo(new[] { Ended(creation, end) }), "the fact needs this session ended");
        return termination.Ended[0];
    }

    private protected async Task<Session> StoredAsync(SessionCreation creation)
    {
        var session = (await Store.FindAsync(creation.Session.Id)).Session;
        Assert.That(session, Is.Not.Null, "the stored session");
        return session!;
    }

    private protected async Task<SessionId[]> ActiveAsync(DateTimeOffset now, SessionFilter? filter = null) =>
        Ids(await Store.ListAsync(Listing(filter), now));

    /// <summary>Compares all properties; payloads by their bytes.</summary>
    private protected static void AssertSame(Session? actual, Session expected, string what = "the session")
    {
        Assert.That(actual, Is.Not.Null, what);
        Assert.That(WithoutPayload(actual!), Is.EqualTo(WithoutPayload(expected)), what);
        Assert.That(actual!.Payload.ToArray(), Is.EqualTo(expected.Payload.ToArray()), $"the payload of {what}");
    }

    private protected static Session WithoutPayload(Session session) => session with { Payload = default };

    /// <summary>Starts all calls at the same moment. Fails after a minute, so that a deadlock fails the fact.</summary>
    private protected static async Task<T[]> AtOnceAsync<T>(int count, Func<int, Task<T>> call)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = Enumerable.Range(0, count).Select(async number =>
        {
            await start.Task;
            return await Task.Run(() => call(number));
        }).ToList();
        start.SetResult();
        return await Task.WhenAll(calls).WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);
    }

    private protected static async Task<(T1 First, T2 Second)> AtOnceAsync<T1, T2>(Func<Task<T1>> one, Func<Task<T2>> other)
    {
        var results = await AtOnceAsync<object?>(2, async number => number == 0 ? await one() : await other());
        return ((T1)results[0]!, (T2)results[1]!);
    }
}
