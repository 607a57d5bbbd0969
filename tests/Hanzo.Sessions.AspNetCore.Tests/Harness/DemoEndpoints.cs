using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>What an app around the library has: sign-in without a password, pages, an API.</summary>
internal static class DemoEndpoints
{
    public const string Stamp = "AspNet.Identity.SecurityStamp";

    public static void MapDemo(this IEndpointRouteBuilder app)
    {
        app.MapPost("/login", SignInAsync);
        app.MapPost("/refresh", RefreshAsync);
        app.MapPost("/logout", (HttpContext http) => http.SignOutAsync());
        app.MapGet("/why", (HttpContext http) => http.TakeEndedSession()?.Reason.ToString() ?? "nothing known");
        app.MapGet("/open", () => "open");
        app.MapGet("/me", Me);
        app.MapGet("/claims", (ClaimsPrincipal principal) => string.Join(' ', principal.Claims.Select(claim => $"{claim.Type}={claim.Value}")));
        app.MapGet("/passive", Me).AsPassive();
        app.MapMethods("/page", ["GET", "POST"], () => Results.Content("<p>page</p>", "text/html")).RequireAuthorization();
        app.MapGet("/forbidden", (HttpContext http) => http.ForbidAsync());
    }

    private static IResult Me(HttpContext http) => http.GetCurrentSession() is { } session
        ? Results.Json(new { user = session.User.ToString(), session = session.Id.ToString(), application = session.Application })
        : Results.Text("nobody", statusCode: StatusCodes.Status401Unauthorized);

    private static async Task<IResult> SignInAsync(
        HttpContext http, string? user, string? organization, string? application, bool? persistent, [FromQuery] string[]? claim)
    {
        List<Claim> claims = [.. (claim ?? []).Select(it => it.Split(':', 2)).Select(it => new Claim(it[0], it[1]))];
        if (user is not null)
        {
            claims.Add(new Claim(ClaimTypes.Name, user));
        }

        if (!string.IsNullOrEmpty(organization))
        {
            claims.Add(new Claim("organization", organization));
        }

        var properties = new AuthenticationProperties { IsPersistent = persistent == true };
        if (application is not null)
        {
            properties.SetSessionApplication(application);
        }

        try
        {
            await http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity(claims, "password")), properties);
        }
        catch (SessionLimitExceededException refusal)
        {
            return Results.Text(refusal.Message, statusCode: StatusCodes.Status409Conflict);
        }

        return Me(http);
    }

    /// <summary>As Identity's RefreshSignInAsync: the properties of the session, and claims of today.</summary>
    private static async Task<IResult> RefreshAsync(HttpContext http, string? user, string? stamp, string refreshed = "yes")
    {
        var ticket = await http.AuthenticateAsync();
        if (!ticket.Succeeded)
        {
            return Results.StatusCode(StatusCodes.Status401Unauthorized);
        }

        var session = http.GetCurrentSession()!;
        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.Name, user ?? session.User.Name),
                new Claim("organization", session.User.Organization),
                new Claim("refreshed", refreshed),
                .. stamp is null ? Array.Empty<Claim>() : [new Claim(Stamp, stamp)],
            ],
            "password");
        await http.SignInAsync(new ClaimsPrincipal(identity), ticket.Properties);
        return Me(http);
    }
}
