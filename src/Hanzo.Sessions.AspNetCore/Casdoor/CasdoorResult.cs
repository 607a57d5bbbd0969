using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>A compatible answer: always 200, the envelope has the outcome.</summary>
internal sealed class CasdoorResult(CasdoorAnswer answer) : IResult
{
    public static CasdoorResult Ok(object? data, long? data2 = null) => new(new("ok", string.Empty, data, data2));

    public static CasdoorResult Affected(bool any) => Ok(any ? "Affected" : "Unaffected");

    public static CasdoorResult Error(string message) => new(new("error", message));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.CacheControl = "no-store";
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        await JsonSerializer.SerializeAsync(
            httpContext.Response.Body, answer, CasdoorJson.Default.CasdoorAnswer, httpContext.RequestAborted);
    }
}
