using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>How a test wants its host.</summary>
internal sealed class WebSettings
{
    public string Environment { get; set; } = "Production";

    /// <summary>The address that clients of the in-process server write; a real server takes a free loopback port.</summary>
    public string Address { get; set; } = "https://app.example";

    public bool RealServer { get; set; }

    public bool MapsHanzoSessions { get; set; } = true;

    public Action<HanzoSessionsOptions>? Sessions { get; set; }

    public Action<HanzoSessionTokenOptions>? Token { get; set; }

    public Action<HanzoSessionEndpointOptions>? Endpoints { get; set; }

    public Action<IServiceCollection>? Services { get; set; }

    /// <summary>Replaces the one line that registers authentication.</summary>
    public Action<IServiceCollection>? Authentication { get; set; }

    public Action<WebApplication>? App { get; set; }

    public void InDevelopment(string address = "http://localhost")
    {
        Environment = "Development";
        Address = address;
    }

    /// <summary>Who signs in with <c>claim=role:admin</c> is an administrator; with <c>claim=scope:all</c> of all organizations.</summary>
    public void WithAdministrators()
    {
        Services += services => services.AddAuthorizationBuilder()
            .AddPolicy("administrators", policy => policy.RequireClaim("role", "admin"));
        Endpoints += options =>
        {
            options.AdministratorPolicy = "administrators";
            options.AdministratorScope = (principal, user) =>
                principal.HasClaim("scope", "all") ? SessionScope.AllOrganizations : SessionScope.Of(user.Organization);
        };
    }
}
