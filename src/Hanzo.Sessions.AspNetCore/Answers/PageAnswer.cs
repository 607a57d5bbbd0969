using System.Text;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>A response that a person looks at.</summary>
internal static class PageAnswer
{
    /// <summary>Writes a page with its headers; to a HEAD request the headers alone.</summary>
    public static async Task WriteAsync(HttpContext http, int status, Func<string> html)
    {
        var response = http.Response;
        PageHeaders.Add(response);
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await response.WriteAsync(html(), Encoding.UTF8, http.RequestAborted);
        }
    }
}
