using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>All error answers (RFC 9457).</summary>
internal static class Problems
{
    public const string NoSession = "There is no such session, or its history is no longer kept.";

    public static IResult NotSignedIn(bool hasBody = true) =>
        new WithHeader("WWW-Authenticate", "Bearer", Problem(StatusCodes.Status401Unauthorized, "Not signed in", null, hasBody));

    public static IResult Forbidden(string detail, bool hasBody = true) =>
        Problem(StatusCodes.Status403Forbidden, "Forbidden", detail, hasBody);

    public static IResult NotFound(string detail = "There is no such active session.") =>
        Problem(StatusCodes.Status404NotFound, "Not found", detail);

    public static IResult Conflict(string detail) => Problem(StatusCodes.Status409Conflict, "Conflict", detail);

    /// <summary>The request names, in a header, a session that is not the caller's.</summary>
    public static IResult AnotherCaller(string header)
    {
        var problem = Problem(
            StatusCodes.Status412PreconditionFailed,
            "Precondition failed",
            $"{header} is not the session of this request: there has been another sign-in. Nothing was done.");
        problem.Value.Extensions["code"] = "anotherCaller";
        return problem;
    }

    public static IResult BadParameter(ParameterException fault)
    {
        var problem = Problem(StatusCodes.Status400BadRequest, "Bad request", fault.Message);
        problem.Value.Extensions["parameter"] = fault.Parameter;
        return problem;
    }

    public static IResult StoreFailed() => new WithHeader(
        "Retry-After",
        "5",
        Problem(
            StatusCodes.Status503ServiceUnavailable,
            "Service unavailable",
            "Sessions cannot be read or changed right now. No user was signed out."));

    /// <summary>Lists the problems of a route for OpenAPI.</summary>
    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            route.ProducesProblem(status);
        }

        return route;
    }

    private static JsonAnswer<ProblemDetails> Problem(int status, string title, string? detail, bool hasBody = true) => new(
        new ProblemDetails { Status = status, Title = title, Detail = detail, Type = "about:blank" },
        status,
        "application/problem+json",
        hasBody);

    private sealed class WithHeader(string name, string value, IResult problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.Append(name, value);
            return problem.ExecuteAsync(httpContext);
        }
    }
}
