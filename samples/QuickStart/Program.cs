using System.Security.Claims;
using Hanzo.Sessions.AspNetCore;
using Microsoft.AspNetCore.Authentication;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddHanzoSessions(options => options.MaxSessions = 10);
builder.Services.AddAuthentication().AddHanzoSessionToken();

var app = builder.Build();

app.MapPost("/login", (HttpContext http, string name) =>
{
    // Check the password here. Whoever gets past this line is signed in.
    var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "password");
    return http.SignInAsync(new ClaimsPrincipal(identity));
});
app.MapPost("/logout", (HttpContext http) => http.SignOutAsync());
app.MapGet("/", (HttpContext http) => $"Hello {http.User.Identity!.Name}, session {http.GetCurrentSession()!.Id}\n")
    .RequireAuthorization();

// GET /api/account/sessions lists the caller's sessions, DELETE /api/account/sessions/{id} ends one.
app.MapHanzoSessions();

await app.RunAsync();
