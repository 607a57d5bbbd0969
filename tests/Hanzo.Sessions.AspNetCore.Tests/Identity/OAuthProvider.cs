using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>An OAuth provider that says yes to everybody, as a server of its own.</summary>
internal sealed class OAuthProvider : IAsyncDisposable
{
    private const string Address = "https://provider.example";

    private readonly WebApplication _app;

    private OAuthProvider(WebApplication app) => _app = app;

    public static async Task<OAuthProvider> StartAsync(string subject)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        var app = builder.Build();
        app.MapGet("/authorize", (string redirect_uri, string state) =>
            Results.Redirect(QueryHelpers.AddQueryString(redirect_uri, (KeyValuePair<string, string?>[])[new("code", "code"), new("state", state)])));
        app.MapPost("/token", () => Results.Json(new { access_token = "access", token_type = "Bearer" }));
        app.MapGet("/user", () => Results.Json(new { sub = subject }));
        await app.StartAsync();
        return new OAuthProvider(app);
    }

    public void Configure(OAuthOptions options)
    {
        options.ClientId = "client";
        options.ClientSecret = "secret";
        options.AuthorizationEndpoint = Address + "/authorize";
        options.TokenEndpoint = Address + "/token";
        options.UserInformationEndpoint = Address + "/user";
        options.CallbackPath = "/signin-provider";
        options.ClaimActions.MapJsonKey(ClaimTypes.NameIdentifier, "sub");
        options.Backchannel = _app.GetTestClient();
        options.Events.OnCreatingTicket = async context =>
        {
            using var user = JsonDocument.Parse(await context.Backchannel.GetStringAsync(context.Options.UserInformationEndpoint));
            context.RunClaimActions(user.RootElement);
        };
    }

    /// <summary>What the provider's page does when the user has agreed: the way back to the app.</summary>
    public async Task<string> AuthorizeAsync(string location)
    {
        using var client = _app.GetTestClient();
        using var response = await client.GetAsync(new Uri(location));
        return response.Headers.Location!.PathAndQuery;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
