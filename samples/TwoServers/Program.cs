using System.Security.Claims;
using Hanzo.Sessions;
using Hanzo.Sessions.AspNetCore;
using Microsoft.AspNetCore.Authentication;

// Start this app twice, with --urls http://localhost:5091 and --urls http://localhost:5092 and the same PostgreSQL in
// ConnectionStrings__Sessions. A user who signs in at one server is signed in at both, and a session that ends at one
// ends at both. A browser and curl send a cookie of localhost to both ports.
var builder = WebApplication.CreateSlimBuilder(args);
var connection = builder.Configuration.GetConnectionString("Sessions")
    ?? throw new InvalidOperationException("Set ConnectionStrings__Sessions to the connection string of a PostgreSQL database.");
builder.Services.AddHanzoSessions().UsePostgres(connection);
builder.Services.AddAuthentication().AddHanzoSessionToken();

var app = builder.Build();

// Back after signing out shows nothing of the user.
app.Use((http, next) =>
{
    http.Response.Headers.CacheControl = "no-store";
    return next(http);
});

app.MapPost("/login", async (HttpContext http, string name) =>
{
    // Check the password here: a user who gets past this line is signed in.
    try
    {
        await http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "demo")));
        return Results.Ok();
    }
    catch (SessionLimitExceededException refusal)
    {
        return Results.Text(refusal.Message, statusCode: StatusCodes.Status409Conflict);
    }
});
app.MapPost("/logout", (HttpContext http) => http.SignOutAsync());
app.MapGet("/", (HttpContext http) => $"Hello {http.User.Identity!.Name}, session {http.GetCurrentSession()!.Id}\n")
    .RequireAuthorization();
app.MapHanzoSessions();

await app.RunAsync();
