using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hanzo.Sessions;

/// <summary>
/// Recognizes a program that loads an app to describe it, such as the one that writes an OpenAPI document during a build. It
/// starts the app's host like a server does, but with a server and a lifetime of its own, which do nothing.
/// </summary>
internal static class LoadingTool
{
    // By name, because the core does not reference ASP.NET Core.
    private static readonly Type? Server = Type.GetType(
        "Microsoft.AspNetCore.Hosting.Server.IServer, Microsoft.AspNetCore.Hosting.Server.Abstractions", throwOnError: false);

    /// <summary>Returns the name of the program; null if the app itself runs.</summary>
    /// <param name="services">The services of the host.</param>
    public static string? NameOf(IServiceProvider services)
    {
        if (Server is null || Assembly.GetEntryAssembly() is not { } program)
        {
            return null;
        }

        // An app may bring a server or a lifetime, and a test host brings both, but not from the program that was started.
        var name = program.GetName().Name;
        return services.GetService<IHostLifetime>()?.GetType().Assembly == program
            && services.GetService(Server)?.GetType().Assembly == program
            && !string.Equals(services.GetService<IHostEnvironment>()?.ApplicationName, name, StringComparison.Ordinal)
                ? name
                : null;
    }
}
