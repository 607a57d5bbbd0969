using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>Another store in the harness; <see cref="WebHarness.Store"/> is still there, around it.</summary>
internal static class StoreReplacement
{
    public static void Replace(this IServiceCollection services, Func<ISessionStore, ISessionStore> around) =>
        services.Replace(ServiceDescriptor.Singleton<ISessionStore>(provider => new BreakableStore(around(
            new InMemorySessionStore(provider.GetRequiredService<IOptions<HanzoSessionsOptions>>())))));
}
