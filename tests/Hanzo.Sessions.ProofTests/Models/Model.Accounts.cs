using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hanzo.Sessions.ProofTests.Models;

/// <content>What happens to accounts: old sign-ins are adopted, passwords change, users are disabled and forgotten.</content>
internal sealed partial class Model
{
    /// <summary>What the manager keeps history of adopted sessions longer than it is told.</summary>
    private static readonly TimeSpan ClocksApart = TimeSpan.FromHours(1);

    /// <summary>What has timed out longer ago than this, an end of many leaves to clean-up.</summary>
    private static readonly TimeSpan LongestInFlight = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan[] OldSignInsLast = [TimeSpan.Zero, TimeSpan.FromDays(1), TimeSpan.FromDays(3)];
    private static readonly SessionEndReason[] AccountReasons =
        [SessionEndReason.PasswordChanged, SessionEndReason.UserDisabled, SessionEndReason.UserDeleted];

    private readonly Dictionary<string, SessionId> _adopted = new(StringComparer.Ordinal);
    private readonly Dictionary<SessionId, DateTimeOffset> _forgotten = [];
    private readonly HashSet<SessionId> _perhapsForgotten = [];

    private async Task AdoptAsync(SessionUser user, string application, int number, ModelPlace place)
    {
        var secret = string.Create(CultureInfo.InvariantCulture, $"{user} {(number % 8 == 0 ? 1 : 0)}");
        var token = SessionToken.Derive(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
        var id = _adopted.TryGetValue(token.Reveal(), out var known) ? known : default(SessionId?);
        if (id is { } unsure && _perhapsForgotten.Contains(unsure))
        {
            return;
        }

        var networks = CountNetworks(user);
        var isThere = id is { } there && (_forgotten.ContainsKey(there) || _sessions.Exists(it => it.Id == there));
        var until = Now + OldSignInsLast[number % OldSignInsLast.Length];
        Expect(await _manager.AdoptAsync(NewSession(user, application, place), token, until), !isThere, "is whether an old sign-in was adopted");
        if (!isThere)
        {
            var adopted = (await _manager.ValidateAsync(token.Reveal(), passive: true)).Session!;
            Expect(adopted.Id, id ?? adopted.Id, "is what an old sign-in was adopted as");
            _adopted[token.Reveal()] = adopted.Id;
            Add(adopted, token, place, until + ClocksApart);
            HearCrossing(user, networks);
        }
    }

    private async Task ForgetAsync(SessionUser user)
    {
        var own = _sessions.FindAll(it => it.User == user && it.IsActive(Now));
        var ended = await _manager.ForgetAsync(user, Caller.Actor);
        EndAll(own, SessionEndReason.UserDeleted);
        ExpectSame(ended.Select(it => (it.Id, it.End.At, it.End.Reason)), own.Select(EndOf), "ended with a forgotten user");
        TimeOut(it => it.User == user);
        foreach (var kept in _sessions.Where(it => it.User == user && it.IsKept(Now)))
        {
            _forgotten[kept.Id] = kept.KeepHistoryUntil!.Value;
        }

        _sessions.RemoveAll(it => it.User == user);
    }

    /// <summary>One clean-up need not remove more of the kept ids than a batch.</summary>
    private void PurgeForgotten()
    {
        var due = _forgotten.Where(it => it.Value <= Now).Select(it => it.Key).Union(_perhapsForgotten).ToList();
        due.ForEach(it => _forgotten.Remove(it));
        _perhapsForgotten.Clear();
        if (due.Count > Batch)
        {
            _perhapsForgotten.UnionWith(due);
        }
    }

    private async Task RenewAsync(ModelSession session, int number)
    {
        var (token, isCurrent) = TokenOf(session, number);
        byte[]? payload = number % 2 == 0 ? [++_payloads, 3] : null;
        var current = isCurrent && Judge(session) == SessionStatus.Active ? session : null;
        var others = _sessions.FindAll(it => it.User == session.User && it != current && it.IsActive(Now));
        var renewal = await _manager.RenewAsync(
            session.User, token, SessionActor.Of(session.User), payload is null ? default(ReadOnlyMemory<byte>?) : payload);
        EndAll(others, SessionEndReason.PasswordChanged);
        ExpectSame(renewal.Ended.Select(it => (it.Id, it.End.At, it.End.Reason)), others.Select(EndOf), "ended with a password");
        TimeOut(it => it.User == session.User && it != current);
        ExpectRotated(renewal.Current, current, payload);
    }

    private async Task RotateOrEndAsync(ModelSession session, int number)
    {
        var (token, isCurrent) = TokenOf(session, number);
        var isActive = session.IsActive(Now);
        var renewal = await _manager.RotateOrEndAsync(session.Snapshot, token, SessionActor.Of(session.User));
        var ends = isActive && !isCurrent;
        EndAll(ends ? [session] : [], SessionEndReason.PasswordChanged);
        Expect(renewal.Ended.Count, ends ? 1 : 0, $"ended when the credentials of {session.Id} changed");
        TimeOut(it => it == session);
        ExpectRotated(renewal.Current, isActive && isCurrent ? session : null, payload: null);
    }

    private static void ExpectRotated(IssuedSession? issued, ModelSession? session, byte[]? payload)
    {
        Expect(issued?.Session.Id, session?.Id, "was given a new token");
        if (issued is not null)
        {
            session!.OldTokens.Add(session.Token);
            session.Token = issued.Token.Reveal();
            session.Payload = payload ?? session.Payload;
            ExpectState(issued.Session, session, withPayload: true);
        }
    }

    private async Task ReplacePayloadAsync(ModelSession session, int number)
    {
        var (token, isCurrent) = TokenOf(session, number);
        var read = session.Snapshot.Payload;
        byte[] payload = [++_payloads, 4];
        var replaces = isCurrent && session.IsActive(Now) && read.Span.SequenceEqual(session.Payload);
        Expect(await _manager.ReplacePayloadAsync(token, read, payload), replaces, $"is whether the payload of {session.Id} was replaced");
        session.Payload = replaces ? payload : session.Payload;
    }

    private async Task EndOutdatedAsync(ModelSession session, int number)
    {
        var (token, isCurrent) = TokenOf(session, number);
        var isAsJudged = isCurrent && session.End is null && session.Snapshot.Payload.Span.SequenceEqual(session.Payload);
        var ends = isAsJudged && session.IsActive(Now);
        Expect(await _manager.EndOutdatedAsync(session.Snapshot, token), ends, $"is whether {session.Id} was ended as outdated");
        EndAll(ends ? [session] : [], SessionEndReason.PasswordChanged);
        TimeOut(it => it == session && isAsJudged);
    }

    private async Task SignOutAsync(ModelSession session, int number)
    {
        var (token, isCurrent) = TokenOf(session, number);
        var isActive = session.IsActive(Now);
        switch (number / 3 % 3)
        {
            case 0:
                Expect(await _manager.SignOutAsync(session.Snapshot), isActive, $"is whether {session.Id} was signed out");
                EndAll(isActive ? [session] : [], SessionEndReason.SignedOut);
                TimeOut(it => it == session);
                break;
            case 1:
                Expect(await _manager.SignOutOfTokenAsync(session.Snapshot, token), isActive && isCurrent, $"is whether a token of {session.Id} was signed out");
                EndAll(isActive && isCurrent ? [session] : [], SessionEndReason.SignedOut);
                TimeOut(it => it == session && isCurrent);
                break;
            default:
                await _manager.EndUndeliveredAsync(session.Snapshot);
                EndAll(isActive ? [session] : [], SessionEndReason.NotDelivered);
                TimeOut(it => it == session);
                break;
        }
    }

    private async Task TerminateUserAsync(SessionUser user, int number)
    {
        var reason = AccountReasons[number % AccountReasons.Length];
        await ExpectEndedAsync(_manager.TerminateUserAsync(user, reason, Caller.Actor), it => it.User == user, reason, timedOutSince: null);
    }

    private Task TerminateMatchingAsync(ModelPlace place, int number)
    {
        var application = place.Text is null || number % 3 == 0 ? Applications[number % Applications.Length] : null;
        var organization = Users[number % Users.Length].Organization;
        var filter = new SessionFilter { Scope = SessionScope.Of(organization), IpAddress = place.IPAddress, Application = application };
        return ExpectEndedAsync(
            _manager.TerminateMatchingAsync(filter, Caller),
            it => Same(it.User.Organization, organization) && (application is null || Same(it.Application, application))
                && (place.Text is not { } text || Same(text, it.Place.Text ?? "") || Same(text, it.View.Use.IpAddress ?? "")),
            SessionEndReason.TerminatedByAdmin,
            Now - LongestInFlight);
    }

    private Task TerminateOrganizationAsync(string organization) => ExpectEndedAsync(
        _manager.TerminateOrganizationAsync(organization, Caller),
        it => Same(it.User.Organization, organization),
        SessionEndReason.TerminatedByAdmin,
        Now - LongestInFlight);

    private Task TerminateEverythingAsync() => ExpectEndedAsync(
        _manager.TerminateEverythingAsync(Caller), _ => true, SessionEndReason.TerminatedByAdmin, Now - LongestInFlight);

    private async Task ExpectEndedAsync(
        Task<IReadOnlyList<EndedSession>> ending, Predicate<ModelSession> which, SessionEndReason reason, DateTimeOffset? timedOutSince)
    {
        var own = _sessions.FindAll(it => it.IsActive(Now) && which(it));
        var ended = await ending;
        EndAll(own, reason);
        ExpectSame(ended.Select(it => (it.Id, it.End.At, it.End.Reason)), own.Select(EndOf), "ended at once");
        TimeOut(it => which(it) && !(it.ActiveUntil <= timedOutSince));
    }

    /// <summary>The token of a session, or one that it had.</summary>
    private static (string Token, bool IsCurrent) TokenOf(ModelSession session, int number) => number % 3 == 0 && session.OldTokens.Count > 0
        ? (session.OldTokens[number % session.OldTokens.Count], false)
        : (session.Token, true);
}
