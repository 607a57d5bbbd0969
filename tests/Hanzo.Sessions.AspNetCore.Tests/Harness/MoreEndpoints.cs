using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>Endpoints that only some tests need.</summary>
internal static class MoreEndpoints
{
    public static void MapSignInTwice(this IEndpointRouteBuilder app) => app.MapPost("/login-twice", async (HttpContext http) =>
    {
        await http.SignInAsync(Named("ada"));
        await http.SignInAsync(Named("ben"));
    });

    public static void MapSignInAs(this IEndpointRouteBuilder app, ClaimsPrincipal principal, AuthenticationProperties? properties = null) =>
        app.MapPost("/login-as", (HttpContext http) => http.SignInAsync(principal, properties));

    /// <summary>The framework puts authentication first, unless an app names the place.</summary>
    public static void UseBeforeAuthentication(this WebApplication app, Func<HttpContext, RequestDelegate, Task> middleware)
    {
        app.Use(middleware);
        app.UseAuthentication();
    }

    /// <summary>Keeps the properties of a session, and signs in with them later.</summary>
    public static void MapKeptProperties(this IEndpointRouteBuilder app)
    {
        var kept = AuthenticateResult.NoResult();
        app.MapPost("/keep", async (HttpContext http) =>
        {
            kept = await http.AuthenticateAsync();
        });
        app.MapPost("/sign-in-with-kept", (HttpContext http) => http.SignInAsync(kept.Principal!, kept.Properties));
    }

    public static ClaimsPrincipal Named(string name, params Claim[] claims) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.Name, name), .. claims], "password"));
}
