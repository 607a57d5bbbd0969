using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>Shows each request to the locator before any middleware of the host, such as the one that replaces its address.</summary>
internal sealed class EdgeLocationStartup(EdgeLocator locator) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((http, rest) =>
        {
            locator.Meet(http);
            return rest(http);
        });
        next(app);
    };
}
