using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Marks an endpoint whose requests do not count as activity of the user. Added by <c>AsPassive()</c>.</summary>
internal sealed class PassiveRequestMetadata
{
    /// <summary>Whether a request is passive, by its header or its endpoint, or because the browser fetches a page ahead.</summary>
    public static bool IsPassive(HttpContext http) =>
        string.Equals(http.Request.Headers[HanzoSessionTokenDefaults.PassiveHeader], "1", StringComparison.Ordinal)
        || Prefetch.Is(http.Request)
        || http.GetEndpoint()?.Metadata.GetMetadata<PassiveRequestMetadata>() is not null;
}
