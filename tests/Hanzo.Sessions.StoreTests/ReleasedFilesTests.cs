using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.StoreTests;

/// <summary>What an earlier version has stored, opened by this one.</summary>
[TestFixture("sessions.db")]
[TestFixture("sessions.sql")]
internal sealed class ReleasedFilesTests(string file)
{
    private readonly SqliteFolder _folder = new();

    [TearDown]
    public void DeleteFolder() => _folder.Delete();

    [Test]
    [Description("M2")]
    public async Task All_sessions_of_0_1_0_are_as_they_were()
    {
        await using var app = await BuildAsync();
        await app.Services.GetRequiredService<ISessionStore>().PrepareAsync();
        Assert.Multiple(() =>
        {
            foreach (var released in Released.Sessions(file))
            {
                Assert.That(async () => await ReadAsync(app.Services, released), Is.EqualTo(released), released.What);
            }
        });
    }

    private async Task<WebApplication> BuildAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(new TestClock(Released.Now));
        builder.Services.AddAuthentication().AddHanzoSessionToken().AddHanzoSessionToken(IdentityConstants.ApplicationScheme, options => options.CookieName = "__Host-identity");
        var sessions = builder.Services.AddHanzoSessions();
        if (file is "sessions.db")
        {
            await Released.CopyFileAsync(_folder.File);
            sessions.UseSqlite($"Data Source={_folder.File}");
        }
        else
        {
            var database = await PostgresDatabase.CreateAsync();
            await Released.RestoreAsync(database.ConnectionString);
            sessions.UsePostgres(database.ConnectionString);
        }

        return builder.Build();
    }

    private static async Task<ReleasedSession> ReadAsync(IServiceProvider services, ReleasedSession released)
    {
        await using var scope = services.CreateAsyncScope();
        var validation = await services.GetRequiredService<SessionManager>().ValidateAsync(released.Token, passive: true);
        var session = validation.Session!;
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        http.Request.Headers.Authorization = $"Bearer {released.Token}";
        var claims = released.Scheme is null ? null : (await http.AuthenticateAsync(released.Scheme)).Principal?.Claims.ToList();
        return new ReleasedSession(
            released.What,
            session.Id.ToString(),
            released.Token,
            session.User.Organization,
            session.User.Name,
            session.Application,
            session.IpAddress,
            validation.Status.ToString(),
            released.Reason is null ? null : session.End?.Reason.ToString(),
            released.EndedAt is null ? null : session.End?.At,
            session.End?.By?.ToString(),
            released.Payload is null ? null : Convert.ToBase64String(session.Payload.Span),
            released.Scheme,
            claims?.Count,
            claims?.Last().ToString());
    }
}
