namespace Hanzo.Sessions.AspNetCore.Tests.Access.TenantMatrix;

/// <summary>A request of the matrix, and what the rules say must come of it for a caller.</summary>
/// <param name="Method">GET, DELETE or POST.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Outcome">The rules.</param>
/// <param name="Body">The body of a POST.</param>
internal sealed record MatrixRoute(
    string Method, Func<MatrixWorld, string> Path, Func<MatrixWorld, MatrixCaller, MatrixOutcome> Outcome, string? Body = null)
{
    /// <summary>The route without its parameters.</summary>
    public string Template(MatrixWorld world) => world.All.Aggregate(
        $"{Method} {Path(world).Split('?')[0]}", (path, session) => path.Replace($"{session.Id}", "{id}", StringComparison.Ordinal));

    public Task<Answer> SendAsync(MatrixWorld world, MatrixCaller caller)
    {
        var path = Path(world);
        if (caller.Query.Length > 0)
        {
            path += (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + caller.Query;
        }

        return Body is null
            ? caller.Visitor.SendAsync(new HttpMethod(Method), path, [("X-Hanzo-Sessions", "1")])
            : caller.Visitor.PostBodyAsync(path, Body, "text/plain;charset=UTF-8");
    }
}
