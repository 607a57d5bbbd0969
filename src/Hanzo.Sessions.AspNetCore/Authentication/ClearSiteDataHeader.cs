using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>The header Clear-Site-Data of a sign-out.</summary>
internal static class ClearSiteDataHeader
{
    public const ClearSiteData Everything = ClearSiteData.Cache | ClearSiteData.Storage;

    public static void Add(HttpResponse response, ClearSiteData data)
    {
        if (data != ClearSiteData.None && !response.HasStarted)
        {
            response.Headers["Clear-Site-Data"] = data switch
            {
                ClearSiteData.Cache => "\"cache\"",
                ClearSiteData.Storage => "\"storage\"",
                _ => "\"cache\", \"storage\"",
            };
        }
    }
}
