namespace Hanzo.Sessions.AspNetCore.Tests.Access.TenantMatrix;

/// <summary>What must come of a request: the status, which marks (ids, addresses) the answer shows, and which sessions it ends.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Shown">The marks, out of all there are, that must occur in the answer; no other may.</param>
/// <param name="Ended">The sessions that must end; every other must stay exactly as it was.</param>
/// <param name="Body">The whole body, where the rules say it to the letter.</param>
internal sealed record MatrixOutcome(int Status, IEnumerable<string> Shown, IEnumerable<Session> Ended, string? Body = null)
{
    public static MatrixOutcome Refused(int status) => new(status, [], []);

    public static MatrixOutcome Error(string message, params IEnumerable<string> shown) =>
        new(200, shown, [], CompatibleRequests.Error(message));

    public static MatrixOutcome Unauthorized() => Error("Unauthorized operation");

    public static MatrixOutcome Data(string data) => new(200, [], [], CompatibleRequests.Ok(data));

    public static MatrixOutcome Lists(IEnumerable<string> marks) => new(200, marks, []);

    public static MatrixOutcome EndsCounted(IReadOnlyCollection<Session> ended) =>
        new(200, [], ended, $$"""{"ended":{{ended.Count}}}""");

    public static MatrixOutcome Affects(IReadOnlyCollection<Session> ended) =>
        Data(ended.Count > 0 ? "\"Affected\"" : "\"Unaffected\"") with { Ended = ended };
}
