// The smallest app on a database, for publish.sh: --sqlite FILE or --postgres CONNECTION; places.mmdb says where addresses are.
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

var builder = WebApplication.CreateSlimBuilder(args);
var sessions = builder.Services.AddHanzoSessions();
_ = builder.Configuration["postgres"] is { } connection
    ? sessions.UsePostgres(connection)
    : sessions.UseSqlite($"Data Source={builder.Configuration["sqlite"]}");
sessions.UseGeoIp("places.mmdb");
builder.Services.AddAuthentication().AddHanzoSessionToken();
builder.Services.AddAuthorizationBuilder().AddPolicy("administrators", policy => policy.RequireUserName("ada"));
builder.Services.AddHealthChecks().AddHanzoSessions();

var app = builder.Build();
app.MapPost("/login", (HttpContext http, string name) =>
    http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "password"))));
app.MapGet("/", (HttpContext http) => http.User.Identity!.Name).RequireAuthorization();
app.MapHanzoSessions(options => options.AdministratorPolicy = "administrators");
app.MapHealthChecks("/health");
await app.RunAsync();
