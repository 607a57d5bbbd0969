using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

var builder = WebApplication.CreateBuilder(args);
if (!builder.Environment.IsDevelopment())
{
    await Console.Error.WriteLineAsync(
        "AdminPanel is a sample: the password of its users is public. It runs in the Development environment only; "
        + "set ASPNETCORE_ENVIRONMENT=Development, as `dotnet run --project samples/AdminPanel` does.");
    return 1;
}

var services = builder.Services;
services.AddHanzoSessions(builder.Configuration.GetSection("HanzoSessions")).UseConfiguredStore(builder.Configuration)
    .AddObserver<AuditLog>();
services.AddHealthChecks().AddHanzoSessions();
if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
{
    services.AddOpenTelemetry().UseOtlpExporter()
        .WithMetrics(metrics => metrics.AddMeter("Hanzo.Sessions"))
        .WithTracing(traces => traces.AddAspNetCoreInstrumentation().AddSource("Hanzo.Sessions"));
}

services.AddDbContext<AppUsers>(options => options.UseSqlite(builder.Configuration.GetConnectionString("Users")));
services.AddIdentityCore<AppUser>(options => options.UseHanzoSignInPolicy())
    .AddEntityFrameworkStores<AppUsers>()
    .AddSignInManager()
    .AddClaimsPrincipalFactory<AppClaims>()
    .AddHanzoSessionToken();
services.AddAuthorizationBuilder()
    .AddPolicy("administrators", policy => policy.RequireAssertion(context => AppClaims.IsAdministrator(context.User)));

services.AddOpenApi();

var app = builder.Build();
await DemoUsers.AddAsync(app.Services);

app.UseStaticFiles();

// Back after signing out asks the server: nothing of a user stays in the browser's cache.
app.Use((http, next) =>
{
    http.Response.Headers.CacheControl = "no-store";
    return next(http);
});
app.MapHanzoSessions(options =>
{
    options.AdministratorPolicy = "administrators";
    options.AdministratorScope = AppClaims.Scope;
    options.Clients.Add(DemoUsers.Client);
    options.PageTitle = "AdminPanel";
});
app.MapCasdoorSessions();
app.MapOpenApi();
app.MapHealthChecks("/health");
app.MapSignIn();

app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine(DemoUsers.Help(app.Urls.First())));
await app.RunAsync();
return 0;
