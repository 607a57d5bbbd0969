using System.Data.Common;
using System.Net;

namespace Hanzo.Sessions.ProofTests.CrashWorker;

/// <summary>
/// Signs a user in, gives sessions new tokens, ends one or all of them, moves one away, forgets the user, without a pause, and tells each step: before it
/// asks the manager and after it was answered. After a failure it goes on with another user, and leaves the
/// one whose sessions it is not sure of to the verdict.
/// </summary>
/// <param name="sessions">What it asks.</param>
/// <param name="name">Its name: the first part of its users' names.</param>
/// <param name="seed">Decides what it does.</param>
/// <param name="tell">Hears every step.</param>
public sealed class CrashClient(SessionManager sessions, string name, int seed, Action<CrashEvent> tell)
{
    public const string Organization = "acme";
    private const int MostSessions = 6;

    private static readonly SessionCaller Caller = SessionCaller.Service("crashes");

    private static readonly IPAddress Home = IPAddress.Parse("192.0.2.1");
    private static readonly SessionPlace Elsewhere = new(IPAddress.Parse("198.51.100.7"), null);

    private readonly Random _random = new(seed);
    private readonly Dictionary<SessionId, string> _tokens = [];
    private SessionUser _user = new(Organization, $"{name}#0");
    private int _users = 1;

    /// <summary>What every session carries, so that one that is not whole is seen.</summary>
    public static ReadOnlyMemory<byte> Payload { get; } = Enumerable.Range(0, 300).Select(it => (byte)it).ToArray();

    /// <summary>Works until it is enough.</summary>
    public async Task RunAsync(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            var (operation, id) = Choose();
            tell(new CrashEvent(_user.Name, CrashStep.Began, operation, id));
            try
            {
                var done = await DoAsync(operation, id).ConfigureAwait(false);
                tell(done);
                if (done.Step == CrashStep.Contradicted)
                {
                    LeaveUser();
                }
            }
            catch (DbException)
            {
                tell(new CrashEvent(_user.Name, CrashStep.Failed, operation, id));
                LeaveUser();
            }
        }
    }

    private (CrashOperation Operation, SessionId? Id) Choose() => _tokens.Count == 0 ? (CrashOperation.Create, null) : _random.Next(12) switch
    {
        < 5 when _tokens.Count < MostSessions => (CrashOperation.Create, null),
        < 6 => (CrashOperation.Terminate, Any()),
        < 8 => (CrashOperation.MoveAway, Any()),
        < 10 => (CrashOperation.Rotate, Any()),
        < 11 => (CrashOperation.Forget, null),
        _ => (CrashOperation.TerminateAll, null),
    };

    private SessionId Any() => _tokens.Keys.ElementAt(_random.Next(_tokens.Count));

    private async Task<CrashEvent> DoAsync(CrashOperation operation, SessionId? id)
    {
        var contradiction = new CrashEvent(_user.Name, CrashStep.Contradicted, operation, id);
        var done = contradiction with { Step = CrashStep.Done };
        switch (operation)
        {
            case CrashOperation.Create:
                var created = await sessions.CreateAsync(new NewSession { User = _user, IpAddress = Home, Payload = Payload }).ConfigureAwait(false);
                _tokens.Add(created.Session.Id, created.Token.Reveal());
                return done with { Id = created.Session.Id, Token = created.Token.Reveal() };
            case CrashOperation.Rotate:
                var rotated = await sessions.RotateAsync(_tokens[id!.Value]).ConfigureAwait(false);
                if (rotated?.Session.Id != id)
                {
                    return contradiction;
                }

                return done with { Token = _tokens[id.Value] = rotated!.Token.Reveal() };
            case CrashOperation.Terminate:
                var ended = await sessions.TerminateAsync(_user, id!.Value, Caller).ConfigureAwait(false);
                return _tokens.Remove(id.Value) && ended is not null ? done : contradiction;
            case CrashOperation.MoveAway:
                var moved = await sessions.ValidateAsync(_tokens[id!.Value], Elsewhere).ConfigureAwait(false);
                return _tokens.Remove(id.Value) && moved.Session?.End?.Reason == SessionEndReason.Moved ? done : contradiction;
            case CrashOperation.Forget:
                // If the database's answer was lost and the call was repeated, nothing is left that says what had ended.
                var forgotten = await sessions.ForgetAsync(_user, Caller.Actor).ConfigureAwait(false);
                var known = _tokens.Keys.Order().ToList();
                _tokens.Clear();
                return forgotten.Count == 0 || forgotten.Select(it => it.Id).Order().SequenceEqual(known) ? done : contradiction;
            default:
                var all = await sessions.TerminateAllAsync(_user, Caller).ConfigureAwait(false);
                var expected = _tokens.Keys.Order().ToList();
                _tokens.Clear();
                return all.Select(it => it.Id).Order().SequenceEqual(expected) ? done : contradiction;
        }
    }

    private void LeaveUser()
    {
        _tokens.Clear();
        _user = new SessionUser(Organization, $"{name}#{_users++}");
    }
}
