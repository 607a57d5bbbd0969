using Hanzo.Sessions;
using Hanzo.Sessions.AspNetCore;
using Microsoft.AspNetCore.Identity;

/// <summary>The users of this sample, in Development only: their password is public.</summary>
internal static class DemoUsers
{
    private const string Password = "correct horse battery staple";

    private static readonly (string Name, string Organization, string? Administers)[] All =
    [
        ("admin", "hanzo", AppClaims.AdministersOrganization),
        ("ada", "hanzo", null),
        ("ben", "hanzo", null),
        ("root", "built-in", AppClaims.AdministersAll),
        ("otheradmin", "other", AppClaims.AdministersOrganization),
        ("zoe", "other", null),
    ];

    /// <summary>A program of the organization hanzo. A real one keeps only the hash in its configuration.</summary>
    public static SessionClient Client { get; } =
        new("demo-client", SessionClient.HashSecret("demo-secret-for-local-use"), SessionScope.Of("hanzo"));

    public static async Task AddAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AppUsers>().Database.EnsureCreatedAsync();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        foreach (var (name, organization, administers) in All)
        {
            if (await users.FindByNameAsync(name) is not null)
            {
                continue;
            }

            var created = await users.CreateAsync(
                new AppUser { UserName = name, Organization = organization, Administers = administers }, Password);
            if (!created.Succeeded)
            {
                throw new InvalidOperationException($"Cannot add the demo user {name}: {created}");
            }
        }
    }

    public static string Help(string address) => $"""

        AdminPanel: a sample of Hanzo.Sessions
          open    {address}/login        ada, ben (organization hanzo), zoe (other), password: {Password}
                                         admin, otheradmin administer their organization, root all of them
                  {address}/admin/sessions, {address}/account/sessions: the two pages
          or try  curl -c ada.txt -d username=ada --data-urlencode 'password={Password}' {address}/login
                  curl -b ada.txt {address}/api/account/sessions
                  curl -b ada.txt -X DELETE -H 'X-Hanzo-Sessions: 1' {address}/api/account/sessions/SESSION-ID
                  curl -b ada.txt {address}/api/me
          more    samples/AdminPanel/README.md; the API is described by {address}/openapi/v1.json

        """;
}
