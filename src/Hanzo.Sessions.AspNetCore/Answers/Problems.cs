using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>All error answers (RFC 9457).</summary>
internal static class Problems
{
    public const string NoSession = "There is no such session, or its history is no longer kept.";

    public static IResult NotSignedIn(bool hasBody = true) =>
        Problem(StatusCodes.Status401Unauthorized, "Not signed in", null, hasBody, ("WWW-Authenticate", "Bearer"));

    public static IResult Forbidden(string detail, bool hasBody = true) =>
        Problem(StatusCodes.Status403Forbidden, "Forbidden", detail, hasBody);

    public static IResult NotFound(string detail = "There is no such active session.") =>
        Problem(StatusCodes.Status404NotFound, "Not found", detail);

    public static IResult Conflict(string detail) => Problem(StatusCodes.Status409Conflict, "Conflict", detail);

    public static IResult LimitReached(SessionLimitExceededException refusal) => Problem(
        StatusCodes.Status409Conflict,
        "Too many sessions",
        $"The sign-in is correct, but no more than {refusal.Limit.MaxSessions} sessions may be active. "
        + "Sign out on another device, and then sign in again.");

    /// <summary>The request names, in a header, a session that is not the caller's.</summary>
    public static IResult AnotherCaller(string header)
    {
        var answer = Problem(
            StatusCodes.Status412PreconditionFailed,
            "Precondition failed",
            $"{header} is not the session of this request: there has been another sign-in. Nothing was done.");
        answer.Problem.Extensions["code"] = "anotherCaller";
        return answer;
    }

    public static IResult BadParameter(ParameterException fault)
    {
        var answer = Problem(StatusCodes.Status400BadRequest, "Bad request", fault.Message);
        answer.Problem.Extensions["parameter"] = fault.Parameter;
        return answer;
    }

    public static IResult StoreFailed() => Problem(
        StatusCodes.Status503ServiceUnavailable,
        "Service unavailable",
        "Sessions cannot be read or changed right now. No user was signed out.",
        header: ("Retry-After", "5"));

    /// <summary>Lists the problems of a route for OpenAPI.</summary>
    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            route.ProducesProblem(status);
        }

        return route;
    }

    private static ProblemAnswer Problem(
        int status, string title, string? detail, bool hasBody = true, (string Name, string Value)? header = null) =>
        new(new ProblemDetails { Status = status, Title = title, Detail = detail, Type = "about:blank" }, hasBody) { Header = header };
}
