using System.Text;
using Microsoft.AspNetCore.Builder;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>Programs with a credential: of the organization hanzo, of the organization other, and of all.</summary>
internal static class ServiceClients
{
    public const string Secret = "canary-3f1b0a5c9d7e42688b1d0c6a";

    public static SessionClient Hanzo { get; } = Make("hanzo-client", SessionScope.Of("hanzo"));

    public static SessionClient Other { get; } = Make("other-client", SessionScope.Of("other"));

    public static SessionClient All { get; } = Make("all-client", SessionScope.AllOrganizations);

    /// <summary>Administrators, clients, and the verbs of Casdoor clients beside the library's own routes.</summary>
    public static void WithEverything(this WebSettings settings)
    {
        settings.WithAdministrators();
        settings.Endpoints += options =>
        {
            options.Clients.Add(Hanzo);
            options.Clients.Add(Other);
            options.Clients.Add(All);
        };
        settings.App += app => app.MapCasdoorSessions();
    }

    /// <summary>A program that sends its credential by HTTP Basic.</summary>
    public static Visitor Client(this WebHarness app, SessionClient client)
    {
        var visitor = app.Visitor();
        visitor.Authorization = Basic($"{client.ClientId}:{Secret}");
        return visitor;
    }

    public static string Basic(string text) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static SessionClient Make(string id, SessionScope scope) => new(id, SessionClient.HashSecret(Secret), scope);
}
