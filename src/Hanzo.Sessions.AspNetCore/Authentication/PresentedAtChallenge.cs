using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// Takes the sessions of the browser along when it is sent to a provider, in the state that the provider's handler protects. The
/// provider may send the browser back by a POST from its own site (OpenID Connect's <c>form_post</c>, SAML), to which a browser
/// adds no SameSite cookie: without them each sign-in would add a session.
/// </summary>
internal sealed class PresentedAtChallenge(IAuthenticationService inner, IAuthenticationSchemeProvider schemes) : IAuthenticationService
{
    /// <summary>Wraps the authentication service of the app, once.</summary>
    public static void AddTo(IServiceCollection services)
    {
        var wrapped = services.LastOrDefault(service => service.ServiceType == typeof(IAuthenticationService) && !service.IsKeyedService);
        if (wrapped is null || services.Any(service => service.ServiceType == typeof(Wrapped)))
        {
            return;
        }

        services.Remove(wrapped);
        services.AddSingleton<Wrapped>();
        services.Add(ServiceDescriptor.Describe(
            typeof(IAuthenticationService),
            provider => new PresentedAtChallenge(
                (IAuthenticationService)(wrapped.ImplementationInstance
                    ?? wrapped.ImplementationFactory?.Invoke(provider)
                    ?? ActivatorUtilities.CreateInstance(provider, wrapped.ImplementationType!)),
                provider.GetRequiredService<IAuthenticationSchemeProvider>()),
            wrapped.Lifetime));
    }

    public async Task ChallengeAsync(HttpContext context, string? scheme, AuthenticationProperties? properties)
    {
        if (await LeavesTheAppAsync(scheme))
        {
            properties ??= new AuthenticationProperties();
            PresentedSession.Carry(context, properties);
        }

        await inner.ChallengeAsync(context, scheme, properties);
    }

    public Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme) => inner.AuthenticateAsync(context, scheme);

    public Task ForbidAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        inner.ForbidAsync(context, scheme, properties);

    public Task SignInAsync(HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties) =>
        inner.SignInAsync(context, scheme, principal, properties);

    public Task SignOutAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        inner.SignOutAsync(context, scheme, properties);

    /// <summary>Whether the scheme is that of a provider, whose handler answers the way back itself.</summary>
    private async Task<bool> LeavesTheAppAsync(string? scheme)
    {
        var found = scheme is null ? await schemes.GetDefaultChallengeSchemeAsync() : await schemes.GetSchemeAsync(scheme);
        return found?.HandlerType is { } handler
            && handler != typeof(HanzoSessionTokenHandler)
            && handler.IsAssignableTo(typeof(IAuthenticationRequestHandler));
    }

    private sealed class Wrapped;
}
