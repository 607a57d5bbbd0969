using System.Globalization;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.ProofTests.Clocks;

/// <summary>
/// One store and two servers. The clock of one of them is set forward and back at random. What the store's clock calls active
/// must not end by time, and history that is young to it must not go; a call that is refused proves nothing.
/// </summary>
internal sealed class TwoClockRun(ISessionStore store, TestClock clock, string name)
{
    private static readonly SessionCaller Caller = SessionCaller.Service("clock");

    private readonly TestClock _wrong = new();
    private readonly List<IssuedSession> _issued = [];
    private readonly HashSet<SessionId> _asked = [];
    private readonly List<string> _violations = [];
    private int _users;

    public int Operations { get; private set; }

    public int Refusals { get; private set; }

    public IReadOnlyList<string> Violations => _violations;

    public async Task RunAsync(Random random, int operations)
    {
        var options = Options.Create(new HanzoSessionsOptions { MaxSessions = null });
        var (right, wrong) = (new SessionManager(store, options, clock, []), new SessionManager(store, options, _wrong, []));
        _wrong.SetWallClock(clock.GetUtcNow());
        for (var i = 0; i < operations; i++, Operations++)
        {
            try
            {
                await StepAsync(random, random.Next(2) == 0 ? right : wrong);
            }
            catch (SessionClockException)
            {
                Refusals++;
            }

            await CheckAsync();
        }
    }

    private async Task StepAsync(Random random, SessionManager sessions)
    {
        switch (random.Next(9))
        {
            case 0:
                var user = new SessionUser("acme", string.Create(CultureInfo.InvariantCulture, $"{name}-{_users++}"));
                _issued.Add(await sessions.CreateAsync(new NewSession { User = user }));
                break;
            case 1:
                _wrong.SetWallClock(clock.GetUtcNow() + TimeSpan.FromMinutes(random.Next(-26 * 60, 26 * 60)));
                break;
            case 2:
                _wrong.SetWallClock(clock.GetUtcNow() + TimeSpan.FromDays(random.Next(-40, 40)));
                break;
            case 3:
                _wrong.SetWallClock(clock.GetUtcNow() + TimeSpan.FromSeconds(random.Next(-60, 60)));
                break;
            case 4:
                var by = TimeSpan.FromSeconds(random.Next(1, 2400));
                clock.Advance(by);
                _wrong.Advance(by);
                break;
            case 5:
                await sessions.CleanUpAsync();
                break;
            case 6 when _issued.Count > 0 && random.Next(3) == 0:
                var one = _issued[random.Next(_issued.Count)];
                var ended = random.Next(2) == 0
                    ? await sessions.TerminateAsync(one.Session.User, one.Session.Id, Caller) is { } single ? [single] : []
                    : await sessions.TerminateAllAsync(one.Session.User, Caller);
                _asked.UnionWith(ended.Select(it => it.Id));
                break;
            default:
                if (_issued.Count > 0)
                {
                    await ValidateAsync(sessions, _issued[random.Next(_issued.Count)]);
                }

                break;
        }
    }

    private async Task ValidateAsync(SessionManager sessions, IssuedSession issued)
    {
        var before = await StoredAsync(issued);
        var validation = await sessions.ValidateAsync(issued.Token.Reveal());
        if (validation.IsActive && before?.IsActive(Latest) != true)
        {
            _violations.Add($"{issued.Session.Id} was let in although it was over");
        }
    }

    /// <summary>Within the tolerance a server's clock counts, so an instant is judged a minute early or late.</summary>
    private async Task CheckAsync()
    {
        foreach (var issued in _issued)
        {
            var stored = await StoredAsync(issued);
            if (stored is null)
            {
                // The run is much shorter than the retention; only an end by a clock that is 30 days behind is older.
                if (_asked.Contains(issued.Session.Id))
                {
                    continue;
                }

                _violations.Add($"{issued.Session.Id} is gone from history");
            }
            else if (stored.End is { Reason: SessionEndReason.IdleTimeout or SessionEndReason.Expired } end
                && (end.At > clock.GetUtcNow() + TimeSpan.FromMinutes(1) || _asked.Contains(issued.Session.Id)))
            {
                _violations.Add($"{issued.Session.Id} timed out at {end.At:O}, and it is {clock.GetUtcNow():O}");
            }
            else if (stored.LastActiveAt > clock.GetUtcNow() + TimeSpan.FromMinutes(1))
            {
                _violations.Add($"{issued.Session.Id} was active at {stored.LastActiveAt:O}, and it is {clock.GetUtcNow():O}");
            }
        }

        if (_violations.Count > 0)
        {
            _issued.Clear();
        }
    }

    private DateTimeOffset Latest => clock.GetUtcNow() - TimeSpan.FromMinutes(1);

    private async Task<Session?> StoredAsync(IssuedSession issued) => (await store.FindAsync(issued.Session.Id)).Session;
}
