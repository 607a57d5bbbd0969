using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;

namespace Hanzo.Sessions.AspNetCore.Tests.Provider;

/// <summary>
/// An OpenID Connect provider (OpenIddict) that signs every visitor in as ada. Its site is 127.0.0.1: for a browser that is
/// another site than localhost.
/// </summary>
internal sealed class OpenIdProvider : IAsyncDisposable
{
    private static readonly X509Certificate2 Certificate = SelfSigned();

    private readonly WebApplication _app;

    private OpenIdProvider(WebApplication app) => _app = app;

    public static async Task<OpenIdProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        ListenWithTls(builder, IPAddress.Loopback);
        builder.Services.AddOpenIddict().AddServer(options =>
        {
            options.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token").AllowAuthorizationCodeFlow();
            options.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            options.RegisterScopes("openid", "profile");
            options.EnableDegradedMode();
            options.AddEventHandler<OpenIddictServerEvents.ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(_ => default));
            options.AddEventHandler<OpenIddictServerEvents.ValidateTokenRequestContext>(handler => handler.UseInlineHandler(_ => default));
            options.UseAspNetCore().EnableAuthorizationEndpointPassthrough();
        });
        var app = builder.Build();
        app.UseAuthentication();
        app.MapGet("/authorize", () =>
        {
            var identity = new ClaimsIdentity("provider");
            identity.SetClaim(OpenIddictConstants.Claims.Subject, "ada");
            var principal = new ClaimsPrincipal(identity);
            principal.SetScopes("openid");
            return Results.SignIn(principal, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        });
        await app.StartAsync();
        return new OpenIdProvider(app);
    }

    /// <summary>Makes a server answer over TLS, on a free port, with a certificate of its own.</summary>
    public static void ListenWithTls(WebApplicationBuilder builder, IPAddress address)
    {
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address, 0, listen => listen.UseHttps(Certificate)));
    }

    public void Configure(OpenIdConnectOptions options)
    {
        options.Authority = $"https://127.0.0.1:{new Uri(_app.Urls.Single()).Port}";
        options.ClientId = "app";
        options.ClientSecret = "secret";
        options.ResponseType = "code";
        options.MapInboundClaims = false;
        options.BackchannelHttpHandler = new SocketsHttpHandler
        {
            SslOptions =
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { Certificate },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        };
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
