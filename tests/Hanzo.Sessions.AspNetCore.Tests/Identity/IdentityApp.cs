using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>An app whose users are those of ASP.NET Core Identity, signed in through sessions.</summary>
internal static class IdentityApp
{
    public const string Password = "correct horse battery staple";
    public const string NewPassword = "a different dozen or more";

    public static async Task<WebHarness> StartAsync(
        Action<WebSettings>? configure = null, Action<HanzoSessionTokenOptions>? token = null)
    {
        var app = await WebHarness.StartAsync(settings =>
        {
            settings.Authentication = services => Add(services).AddHanzoSessionToken(token);
            settings.App = Map;
            configure?.Invoke(settings);
        });
        await UseAsync(app, users => users.CreateAsync(new MemoryUser { Name = "ada" }, Password));
        return app;
    }

    public static IdentityBuilder Add(IServiceCollection services)
    {
        services.AddSingleton<IUserStore<MemoryUser>, MemoryUsers>();
        return services.AddIdentityCore<MemoryUser>(options => options.UseHanzoSignInPolicy())
            .AddTokenProvider<CodeProvider>(CodeProvider.Name)
            .AddSignInManager();
    }

    public static async Task<T> UseAsync<T>(WebHarness app, Func<UserManager<MemoryUser>, Task<T>> use)
    {
        await using var scope = app.App.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<UserManager<MemoryUser>>());
    }

    public static Task<MemoryUser> AdaAsync(WebHarness app) => UseAsync(app, async users => (await users.FindByNameAsync("ada"))!);

    /// <summary>Signs in with the password; persistent when asked to remember.</summary>
    public static Task<Answer> SignInAsync(Visitor visitor, string password = Password, bool remember = false) =>
        visitor.PostAsync($"/id/login?password={Uri.EscapeDataString(password)}&remember={remember}");

    public static async Task<Visitor> SignedInAsync(WebHarness app)
    {
        var visitor = app.Visitor();
        Assert.That((await SignInAsync(visitor)).Body, Does.Contain("Succeeded"));
        return visitor;
    }

    private static void Map(WebApplication app)
    {
        app.MapPost("/id/login", async (SignInManager<MemoryUser> signIn, string password, bool remember) =>
            (await signIn.PasswordSignInAsync("ada", password, remember, lockoutOnFailure: true)).ToString());
        app.MapPost("/id/second", async (SignInManager<MemoryUser> signIn, string code, bool remember) =>
            (await signIn.TwoFactorSignInAsync(CodeProvider.Name, code, isPersistent: false, remember)).ToString());
        app.MapPost("/id/refresh", async (HttpContext http, SignInManager<MemoryUser> signIn, UserManager<MemoryUser> users) =>
            await signIn.RefreshSignInAsync((await users.GetUserAsync(http.User))!));
        app.MapPost("/id/logout", (SignInManager<MemoryUser> signIn) => signIn.SignOutAsync());
        app.MapPost("/id/password", async (HttpContext http, SignInManager<MemoryUser> signIn, UserManager<MemoryUser> users) =>
        {
            var user = (await users.GetUserAsync(http.User))!;
            var changed = await users.ChangePasswordAsync(user, Password, NewPassword);
            await signIn.RefreshSignInAsync(user);
            var ended = await http.RenewSessionAsync();
            return $"{changed} {ended.Count}";
        });
        app.MapGet("/id/external", (SignInManager<MemoryUser> signIn) =>
            Results.Challenge(signIn.ConfigureExternalAuthenticationProperties("Provider", "/id/external-done"), ["Provider"]));
        app.MapGet("/id/external-done", async (SignInManager<MemoryUser> signIn) =>
        {
            var login = (await signIn.GetExternalLoginInfoAsync())!;
            return (await signIn.ExternalLoginSignInAsync(login.LoginProvider, login.ProviderKey, isPersistent: false)).ToString();
        });
        app.MapGet("/id/claims", (ClaimsPrincipal principal) => string.Join(' ', principal.Claims.Select(claim => $"{claim.Type}={claim.Value}")));
    }
}
