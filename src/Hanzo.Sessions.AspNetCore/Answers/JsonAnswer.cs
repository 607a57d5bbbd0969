using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

internal static class JsonAnswer
{
    public static JsonAnswer<T> Of<T>(T value) => new(value);
}

/// <summary>A JSON response in the library's own settings, independent of the host's.</summary>
internal sealed class JsonAnswer<T>(
    T value, int status = StatusCodes.Status200OK, string contentType = "application/json", bool hasBody = true) : IResult
{
    private static readonly JsonTypeInfo<T> Shape = (JsonTypeInfo<T>)SessionJson.Default.GetTypeInfo(typeof(T))!;

    public T Value { get; } = value;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
        if (hasBody)
        {
            response.ContentType = contentType;
        }

        if (!hasBody || HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        await JsonSerializer.SerializeAsync(response.Body, Value, Shape, httpContext.RequestAborted);
    }
}
