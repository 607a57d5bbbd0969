namespace Hanzo.Sessions.ProofTests.CrashWorker;

/// <summary>One step of one client. It can be written as a line, for a client in another process.</summary>
/// <param name="User">The user's name. A client leaves a user behind when it cannot know how things stand: <c>client#0</c>, <c>client#1</c>.</param>
/// <param name="Step">How far the operation is.</param>
/// <param name="Operation">Which operation.</param>
/// <param name="Id">The session; null for a create that has begun, and for all sessions.</param>
/// <param name="Token">The token that a create or a rotation has handed out.</param>
public sealed record CrashEvent(string User, CrashStep Step, CrashOperation Operation, SessionId? Id = null, string? Token = null)
{
    public string Client => User[..User.IndexOf('#', StringComparison.Ordinal)];

    public string ToLine() => string.Join(' ', User, Step, Operation, Id?.ToString() ?? "-", Token ?? "-");

    public static CrashEvent Parse(string line) => line.Split(' ') is [var user, var step, var operation, var id, var token]
        ? new CrashEvent(
            user,
            Enum.Parse<CrashStep>(step),
            Enum.Parse<CrashOperation>(operation),
            id is "-" ? null : SessionId.Parse(id),
            token is "-" ? null : token)
        : throw new FormatException($"A worker has written '{line}'.");
}
