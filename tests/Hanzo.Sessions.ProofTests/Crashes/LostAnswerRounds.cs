using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.ProofTests.Crashes;

/// <summary>
/// One manager whose connections break, at every operation, after the server has committed and before the answer: each
/// operation must be done once, be answered as what it was, and be announced once.
/// </summary>
internal sealed class LostAnswerRounds
{
    private static readonly SessionCaller Caller = SessionCaller.Service("lost answers");

    private readonly PostgresProxy _proxy;
    private readonly SessionManager _sessions;
    private readonly Announced _announced = new();
    private readonly List<string> _violations = [];
    private int _operations;

    public LostAnswerRounds(PostgresProxy proxy, ISessionStore store)
    {
        _proxy = proxy;
        _sessions = new SessionManager(store, Options.Create(new HanzoSessionsOptions()), TimeProvider.System, [_announced]);
    }

    public IReadOnlyList<string> Violations => _violations;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"operations={_operations} answers-lost={_operations} violations={_violations.Count}");

    public async Task RunAsync(string userName)
    {
        var user = new SessionUser("acme", userName);
        var (one, two, three) = (await CreateAsync(user, 1), await CreateAsync(user, 2), await CreateAsync(user, 3));
        if (one is null || two is null || three is null)
        {
            return;
        }

        var rotated = await LoseAsync(() => _sessions.RotateAsync(two.Token.Reveal()));
        Check(rotated?.Session.Id == two.Session.Id, "a rotation is answered as none");
        Check(await StatusAsync(two) == SessionStatus.Unknown, "a replaced token lives on");
        Check(rotated is not null && await StatusAsync(rotated) == SessionStatus.Active, "the new token of a rotation is not active");

        var ended = await LoseAsync(() => _sessions.TerminateAsync(user, one.Session.Id, Caller));
        Check(ended?.Id == one.Session.Id, "the end of a session is answered as none");
        Check(await StatusAsync(one) == SessionStatus.Terminated, "an ended session lives on");
        Check(await LoseAsync(() => _sessions.TerminateAsync(user, one.Session.Id, Caller)) is null, "a session is ended twice");

        var all = await LoseAsync(() => _sessions.TerminateAllAsync(user, Caller));
        Check(
            all is not null && all.Select(it => it.Id).Order().SequenceEqual(new[] { two.Session.Id, three.Session.Id }.Order()),
            "the end of all is not answered as what it was");
        Check(await CountAsync(user) == 0, "sessions have outlived the end of all");
        await _sessions.FlushObserversAsync();
        var announced = _announced.Events.Where(it => it.User == user).Select(it => (it.Kind, it.Id)).ToList();
        var expected = new[] { one, two, three }.SelectMany(it => new[] { ("created", it.Session.Id), ("ended", it.Session.Id) });
        Check(announced.Order().SequenceEqual(expected.Order()), "not everything is announced once");
    }

    private async Task<IssuedSession?> CreateAsync(SessionUser user, int count)
    {
        var issued = await LoseAsync(() => _sessions.CreateAsync(new NewSession { User = user }));
        Check(await CountAsync(user) == count, "a sign-in makes not exactly one session");
        Check(issued is not null && await StatusAsync(issued) == SessionStatus.Active, "a sign-in is answered with a session that is not active");
        return issued;
    }

    private async Task<T?> LoseAsync<T>(Func<Task<T>> operation)
    {
        _operations++;
        _proxy.LoseNextCommitAnswer();
        try
        {
            return await operation();
        }
        catch (Exception fault) when (fault is InvalidOperationException or System.Data.Common.DbException)
        {
            _violations.Add($"an operation that was done is answered with {fault.GetType().Name}");
            return default;
        }
        finally
        {
            Check(_proxy.HasLostAnswer, "no answer was lost");
        }
    }

    private async Task<SessionStatus> StatusAsync(IssuedSession issued) =>
        (await _sessions.ValidateAsync(issued.Token.Reveal(), passive: true)).Status;

    private async Task<int> CountAsync(SessionUser user) =>
        (await _sessions.ListAsync(new SessionQuery { Filter = SessionFilter.Of(user) })).Items.Count;

    private void Check(bool holds, string violation)
    {
        if (!holds)
        {
            _violations.Add(violation);
        }
    }

    private sealed class Announced : ISessionObserver
    {
        public ConcurrentQueue<(string Kind, SessionUser User, SessionId Id)> Events { get; } = [];

        public ValueTask OnCreatedAsync(Session session, CancellationToken cancellationToken) => Keep("created", session.User, session.Id);

        public ValueTask OnEndedAsync(EndedSession session, CancellationToken cancellationToken) => Keep("ended", session.User, session.Id);

        private ValueTask Keep(string kind, SessionUser user, SessionId id)
        {
            Events.Enqueue((kind, user, id));
            return ValueTask.CompletedTask;
        }
    }
}
