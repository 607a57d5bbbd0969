using System.Security.Claims;
using Hanzo.Sessions;
using Hanzo.Sessions.AspNetCore;
using Microsoft.AspNetCore.Authentication;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddHanzoSessions(options => options.MaxSessions = 10);
builder.Services.AddAuthentication().AddHanzoSessionToken();
builder.Services.AddAuthorizationBuilder().AddPolicy("administrators", policy => policy.RequireUserName("ada"));

var app = builder.Build();
app.MapGet("/login", () => Results.Content(
    """<form method="post"><button formaction="?name=ada">I am ada</button> <button formaction="?name=ben">I am ben</button></form>""",
    "text/html"));
app.MapPost("/login", async (HttpContext http, string name) =>
{
    // Check the password here: a user who gets past this line is signed in.
    if (name is not ("ada" or "ben"))
    {
        return Results.Unauthorized();
    }

    try
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "password");
        await http.SignInAsync(new ClaimsPrincipal(identity));
        return Results.LocalRedirect("/");
    }
    catch (SessionLimitExceededException refusal)
    {
        return Results.Text(refusal.Message, statusCode: StatusCodes.Status409Conflict);
    }
});
app.MapPost("/logout", (HttpContext http) => http.SignOutAsync());
app.MapGet("/", (HttpContext http) =>
{
    http.Response.Headers.CacheControl = "no-store"; // Back, after signing out, asks the server.
    return $"Hello {http.User.Identity!.Name}, session {http.GetCurrentSession()!.Id}\n";
}).RequireAuthorization();

// The pages /account/sessions and /admin/sessions, and the HTTP API behind them.
app.MapHanzoSessions(options => options.AdministratorPolicy = "administrators");

await app.RunAsync();
