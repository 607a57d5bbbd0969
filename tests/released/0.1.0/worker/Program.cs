// Hanzo.Sessions 0.1.0 from its packages.
//   fill  sqlite FILE | postgres CONNECTION                    prints what it has put in, one session a line
//   serve sqlite FILE | shared FILE | postgres CONNECTION ...  a server until its standard input ends; prints its address
using System.Security.Claims;
using Hanzo.Sessions;
using Hanzo.Sessions.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Worker010;

var (task, kind, target) = (args[0], args[1], args[2]);
if (task is "fill")
{
    await Filling.RunAsync((clock, withIdentity) => Services.Build(kind, target, [], clock, withIdentity));
    return;
}

await using var app = Services.Build(kind, target, ["--urls", "http://127.0.0.1:0", .. args[3..]]);
app.MapPost("/login", async (HttpContext http, string name) =>
{
    try
    {
        var issued = await http.IssueSessionTokenAsync(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "password")));
        return Results.Text(issued.Token.Reveal());
    }
    catch (SessionLimitExceededException refusal)
    {
        return Results.Text(refusal.Message, statusCode: StatusCodes.Status409Conflict);
    }
});
app.MapPost("/logout", (HttpContext http) => http.SignOutAsync());
app.MapGet("/", (HttpContext http) => http.GetCurrentSession()!.Id.ToString()).RequireAuthorization();
app.MapHanzoSessions(options => options.AdministratorPolicy = "administrators");
app.MapHealthChecks("/health");
try
{
    await app.StartAsync();
}
catch (InvalidOperationException refusal)
{
    Console.WriteLine($"refused {refusal.Message}");
    return;
}

Console.WriteLine(app.Urls.Single());
while (await Console.In.ReadLineAsync() is not null)
{
}

await app.StopAsync();
