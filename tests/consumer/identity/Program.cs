using System.Net;
using Hanzo.Sessions;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddDbContext<Users>(options => options.UseSqlite("Data Source=users.db"));
var sessions = builder.Services.AddHanzoSessions(builder.Configuration.GetSection("HanzoSessions")).UseSqlite("Data Source=sessions.db");
builder.Services.AddIdentityCore<IdentityUser>(options => options.UseHanzoSignInPolicy())
    .AddEntityFrameworkStores<Users>()
    .AddSignInManager()
    .AddHanzoSessionToken();
sessions.UseEdgeLocation(options => options.KnownProxies.Add(IPAddress.Parse("192.0.2.10")));
sessions.UseGeoIp("GeoLite2-City.mmdb");
builder.Services.AddAuthorizationBuilder().AddPolicy("administrators", policy => policy.RequireUserName("ada"));
builder.Services.Configure<ForwardedHeadersOptions>(options =>
{
    options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
    options.KnownProxies.Add(IPAddress.Parse("192.0.2.10")); // the proxy, as the app sees it
});

var app = builder.Build();
app.UseForwardedHeaders();
app.UseAuthentication();
app.UseAuthorization();

await using (var scope = app.Services.CreateAsyncScope())
{
    await scope.ServiceProvider.GetRequiredService<Users>().Database.EnsureCreatedAsync();
}

app.MapPost("/register", async (UserManager<IdentityUser> users, string name, string password) =>
{
    var created = await users.CreateAsync(new IdentityUser(name), password);
    return created.Succeeded ? Results.Ok() : Results.BadRequest(created.Errors.Select(error => error.Code));
});
app.MapPost("/login", async (SignInManager<IdentityUser> signIn, string name, string password) =>
{
    try
    {
        var result = await signIn.PasswordSignInAsync(name, password, isPersistent: false, lockoutOnFailure: true);
        return result.Succeeded ? Results.Ok() : Results.Unauthorized();
    }
    catch (SessionLimitExceededException refusal)
    {
        return Results.Problem(refusal.Message, statusCode: StatusCodes.Status409Conflict);
    }
});
app.MapPost("/logout", (SignInManager<IdentityUser> signIn) => signIn.SignOutAsync());
app.MapGet("/", (HttpContext http) => http.User.Identity!.Name).RequireAuthorization();
app.MapHanzoSessions(options => options.AdministratorPolicy = "administrators");

await app.RunAsync();

internal sealed class Users(DbContextOptions<Users> options) : IdentityDbContext<IdentityUser>(options);
