using System.Text;

/// <summary>A page of the sample itself: nothing inline, nothing from another origin, no frames.</summary>
internal sealed class HtmlPage(string html, int status) : IResult
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return Results.Content(html, "text/html", Encoding.UTF8, status).ExecuteAsync(httpContext);
    }
}
