using System.Globalization;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.ProofTests.Clocks;

/// <summary>
/// One store under a clock that somebody sets forward and back at random, while clients validate and clean-up runs.
/// What was once answered as over must stay over, and what is surely not over must not be ended.
/// </summary>
internal sealed class ClockRun(ISessionStore store, TestClock clock, string name)
{
    private static readonly SessionCaller Caller = SessionCaller.Service("clock");

    private readonly HashSet<SessionId> _over = [];
    private readonly List<IssuedSession> _issued = [];
    private readonly List<string> _violations = [];
    private int _users;

    public int Operations { get; private set; }

    public int Jumps { get; private set; }

    public IReadOnlyList<string> Violations => _violations;

    public async Task RunAsync(Random random, int operations)
    {
        var sessions = new SessionManager(
            store, Options.Create(new HanzoSessionsOptions { MaxSessions = null }), clock, []);
        for (var i = 0; i < operations; i++, Operations++)
        {
            switch (random.Next(8))
            {
                case 0:
                    var user = new SessionUser("acme", string.Create(CultureInfo.InvariantCulture, $"{name}-{_users++}"));
                    _issued.Add(await sessions.CreateAsync(new NewSession { User = user }));
                    break;
                case 1:
                    Jump(TimeSpan.FromMinutes(random.Next(1, 26 * 60)));
                    break;
                case 2:
                    Jump(-TimeSpan.FromMinutes(random.Next(1, 26 * 60)));
                    break;
                case 3:
                    clock.Advance(TimeSpan.FromSeconds(random.Next(1, 7200)));
                    break;
                case 4 when random.Next(3) == 0:
                    await CleanUpAsync(sessions);
                    break;
                case 5 when _issued.Count > 0 && random.Next(3) == 0:
                    var one = _issued[random.Next(_issued.Count)];
                    await (random.Next(2) == 0
                        ? sessions.TerminateAsync(one.Session.User, one.Session.Id, Caller)
                        : (Task)sessions.TerminateAllAsync(one.Session.User, Caller));
                    _over.Add(one.Session.Id); // Ended now, or over before: in neither case may it be active again.
                    break;
                default:
                    await ValidateAsync(sessions, random);
                    break;
            }
        }

        // Whatever the clock shows in the end: at the very instant of its creation a session looks most alive.
        foreach (var issued in _issued)
        {
            clock.SetWallClock(issued.Session.CreatedAt);
            await ValidateAsync(sessions, issued);
        }
    }

    private void Jump(TimeSpan by)
    {
        Jumps++;
        clock.SetWallClock(clock.GetUtcNow() + by);
    }

    private async Task CleanUpAsync(SessionManager sessions)
    {
        var now = clock.GetUtcNow();
        await sessions.CleanUpAsync();
        foreach (var issued in _issued)
        {
            var stored = (await store.FindAsync(issued.Session.Id)).Session;
            if (stored is { End: null } && now >= stored.ActiveUntil)
            {
                _violations.Add($"{issued.Session.Id} was not ended by clean-up although its time was up");
            }

            if (stored?.End is not null && _over.Add(issued.Session.Id) && now < issued.Session.CreatedAt + issued.Session.IdleTimeout)
            {
                _violations.Add($"{issued.Session.Id} was ended by clean-up before its time");
            }
        }
    }

    private async Task ValidateAsync(SessionManager sessions, Random random)
    {
        if (_issued.Count > 0)
        {
            await ValidateAsync(sessions, _issued[random.Next(_issued.Count)]);
        }
    }

    private async Task ValidateAsync(SessionManager sessions, IssuedSession issued)
    {
        var validation = await sessions.ValidateAsync(issued.Token.Reveal());
        if (!validation.IsActive)
        {
            if (_over.Add(issued.Session.Id) && clock.GetUtcNow() < issued.Session.CreatedAt + issued.Session.IdleTimeout)
            {
                _violations.Add($"{issued.Session.Id} was over before its time");
            }
        }
        else if (_over.Contains(issued.Session.Id))
        {
            _violations.Add($"{issued.Session.Id} was over and is active again");
        }
    }
}
