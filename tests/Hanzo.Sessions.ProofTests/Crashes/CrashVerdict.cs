using System.Globalization;
using Hanzo.Sessions.ProofTests.CrashWorker;

namespace Hanzo.Sessions.ProofTests.Crashes;

/// <summary>
/// Compares what clients were told with what is there after a crash. Everything acknowledged must hold; what failed or
/// was never answered must be done or not done, and nothing in between.
/// </summary>
internal sealed class CrashVerdict
{
    private readonly List<string> _violations = [];

    public int Rounds { get; private set; }

    public int Acknowledged { get; private set; }

    /// <summary>Acknowledged sign-ins, rotations and terminations that do not hold.</summary>
    public int Lost { get; private set; }

    public int HalfDone { get; private set; }

    public int Failed { get; private set; }

    public int FailedButCommitted { get; private set; }

    /// <summary>Operations whose client was killed before it had an answer.</summary>
    public int Unknown { get; private set; }

    public TimeSpan LongestGap { get; private set; }

    /// <summary>One sentence each.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Judges what clients were told by what a manager says now.</summary>
    public async Task AddAsync(CrashLedger ledger, SessionManager sessions)
    {
        Rounds++;
        Acknowledged += ledger.Acknowledged;
        LongestGap = ledger.LongestGap > LongestGap ? ledger.LongestGap : LongestGap;
        foreach (var user in ledger.Users)
        {
            await JudgeAsync(sessions, user);
        }
    }

    /// <summary>Prints the line of a suite, and fails it when anything was lost or half done, or too little was acknowledged.</summary>
    public void AssertNothingLost(string suite)
    {
        Figures.Report($"{suite}: {this} seed={Proof.Seed}");
        Assert.That(Violations, Is.Empty, Proof.Replay);
        Assert.That(Acknowledged, Is.GreaterThan(Rounds * 20));
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"rounds={Rounds} acknowledged={Acknowledged} lost={Lost} half-done={HalfDone} failed={Failed} failed-but-committed={FailedButCommitted} unknown={Unknown} longest-gap={LongestGap.TotalMilliseconds:F0}ms");

    private async Task JudgeAsync(SessionManager sessions, UserLedger user)
    {
        var page = await sessions.ListAsync(new SessionQuery { Filter = SessionFilter.Of(user.User), Limit = SessionQuery.MaxLimit });
        var listed = page.Items.Select(session => session.Id).ToHashSet();
        if (user.Contradiction is { } contradiction)
        {
            Lose($"{contradiction.Operation} of {user.User} was answered with what cannot be");
            return;
        }

        foreach (var (id, token) in user.Ended)
        {
            var status = await StatusAsync(sessions, token);
            var mayBeGone = user.Open is { Operation: CrashOperation.Forget } && status == SessionStatus.Unknown;
            if (listed.Contains(id) || !(status == SessionStatus.Terminated || mayBeGone))
            {
                Lose($"the end of {id} does not hold");
            }
        }

        if (user.Forgotten.Count > 0)
        {
            var history = await sessions.ListHistoryAsync(new SessionQuery { Filter = SessionFilter.Of(user.User), Limit = SessionQuery.MaxLimit });
            var known = listed.Concat(history.Items.Select(session => session.Id)).ToHashSet();
            foreach (var (id, token) in user.Forgotten)
            {
                if (known.Contains(id) || await StatusAsync(sessions, token) != SessionStatus.Unknown)
                {
                    Lose($"{id} was forgotten, and is still known");
                }
            }
        }

        foreach (var token in user.Replaced)
        {
            if (await StatusAsync(sessions, token) != SessionStatus.Unknown)
            {
                Lose($"a token of {user.User} lives on although it was replaced");
            }
        }

        var certain = user.Active.Where(it => user.Open is null or { Operation: CrashOperation.Create } || (user.Open.Id is { } open && open != it.Key));
        foreach (var (id, token) in certain)
        {
            if (!listed.Contains(id) || !await IsWholeAsync(sessions, id, token))
            {
                Lose($"the sign-in {id} does not hold");
            }
        }

        var surplus = listed.Count(id => !user.Active.ContainsKey(id) && !user.Ended.ContainsKey(id));
        if (surplus > (user.Open is { Operation: CrashOperation.Create } ? 1 : 0))
        {
            Half($"{user.User} has {surplus} sessions that nobody was told of");
        }

        if (user.Open is not null)
        {
            Count(user.Open, await IsCommittedAsync(sessions, user, user.Open, listed, surplus));
        }
    }

    /// <summary>Whether an operation without an answer was done; a violation when it was done by half.</summary>
    private async Task<bool> IsCommittedAsync(
        SessionManager sessions, UserLedger user, CrashEvent open, HashSet<SessionId> listed, int surplus)
    {
        switch (open.Operation)
        {
            case CrashOperation.Create:
                return surplus > 0;
            case CrashOperation.Terminate or CrashOperation.MoveAway:
                var ended = !listed.Contains(open.Id!.Value);
                var found = await sessions.ValidateAsync(user.Active[open.Id.Value], passive: true);
                var isMoved = found.Session?.LastUse is not null;
                if (found.Status != (ended ? SessionStatus.Terminated : SessionStatus.Active)
                    || isMoved != (ended && open.Operation == CrashOperation.MoveAway))
                {
                    Half($"the end of {open.Id} is half done");
                }

                return ended;
            case CrashOperation.Rotate:
                // The new token went down with the answer: the session is there, under the old token or under none.
                var old = await StatusAsync(sessions, user.Active[open.Id!.Value]);
                if (!listed.Contains(open.Id.Value) || old is not (SessionStatus.Active or SessionStatus.Unknown))
                {
                    Half($"the rotation of {open.Id} is half done");
                }

                return old == SessionStatus.Unknown;
            case CrashOperation.Forget:
                var all = user.Active.Concat(user.Ended).ToList();
                var gone = 0;
                foreach (var (_, token) in all)
                {
                    gone += await StatusAsync(sessions, token) == SessionStatus.Unknown ? 1 : 0;
                }

                if ((gone != 0 || !user.Active.Keys.All(listed.Contains)) && (gone != all.Count || listed.Overlaps(user.Active.Keys)))
                {
                    Half($"{gone} of {all.Count} sessions of {user.User} are forgotten");
                }

                return gone > 0;
            default:
                var alive = 0;
                foreach (var (id, token) in user.Active)
                {
                    var isActive = await StatusAsync(sessions, token) == SessionStatus.Active;
                    alive += isActive ? 1 : 0;
                    if (isActive != listed.Contains(id))
                    {
                        Half($"{id} is listed and not active, or active and not listed");
                    }
                }

                if (alive > 0 && alive < user.Active.Count)
                {
                    Half($"{alive} of {user.Active.Count} sessions of {user.User} have outlived the end of all");
                }

                return alive == 0;
        }
    }

    private void Count(CrashEvent open, bool committed)
    {
        if (open.Step == CrashStep.Failed)
        {
            Failed++;
            FailedButCommitted += committed ? 1 : 0;
        }
        else
        {
            Unknown++;
        }
    }

    private static async Task<SessionStatus> StatusAsync(SessionManager sessions, string token) => (await sessions.ValidateAsync(token, passive: true)).Status;

    private static async Task<bool> IsWholeAsync(SessionManager sessions, SessionId id, string token)
    {
        var validation = await sessions.ValidateAsync(token, passive: true);
        return validation.IsActive && validation.Session?.Id == id && validation.Session.Payload.Span.SequenceEqual(CrashClient.Payload.Span);
    }

    private void Lose(string violation)
    {
        Lost++;
        _violations.Add(violation);
    }

    private void Half(string violation)
    {
        HalfDone++;
        _violations.Add(violation);
    }
}
