using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>An error: problem details for programs (RFC 9457), and for a person a plain page that says the same.</summary>
internal sealed class ProblemAnswer(ProblemDetails problem, bool hasBody = true) : IResult
{
    public ProblemDetails Problem { get; } = problem;

    /// <summary>A header that belongs to the status.</summary>
    public (string Name, string Value)? Header { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (Header is var (name, value))
        {
            httpContext.Response.Headers.Append(name, value);
        }

        var status = Problem.Status!.Value;
        if (!hasBody || !PageRequest.IsPage(httpContext))
        {
            await new JsonAnswer<ProblemDetails>(Problem, status, "application/problem+json", hasBody).ExecuteAsync(httpContext);
            return;
        }

        await PageAnswer.WriteAsync(httpContext, status, Html);
    }

    private string Html()
    {
        var retry = Header is ("Retry-After", var seconds) ? $"Try again in {seconds} seconds." : null;
        var texts = new[] { Problem.Detail, retry }.OfType<string>().Select(text => $"\n  <p>{WebUtility.HtmlEncode(text)}</p>");
        return
            $"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <meta name="color-scheme" content="light dark">
              <title>{Problem.Title}</title>
            </head>
            <body>
              <h1>{Problem.Title}</h1>{string.Concat(texts)}
            </body>
            </html>

            """;
    }
}
