using Hanzo.Sessions;
using Hanzo.Sessions.AspNetCore;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;

namespace Worker010;

internal static class Services
{
    /// <summary>When cookies from before the sessions are no longer adopted.</summary>
    public static readonly DateTimeOffset AdoptUntil = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    public static WebApplication Build(string kind, string target, string[] args, TimeProvider? clock = null, bool withIdentity = false)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.Services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        if (withIdentity)
        {
            builder.Services.AddSingleton<IUserStore<IdentityUser>, UserStore>();
            builder.Services.AddIdentityCore<IdentityUser>().AddSignInManager().AddHanzoSessionToken();
        }
        else
        {
            builder.Services.AddAuthentication(HanzoSessionTokenDefaults.AuthenticationScheme).AddHanzoSessionToken();
        }

        builder.Services.AddAuthentication().AddCookie();
        builder.Services.AddAuthorizationBuilder().AddPolicy("administrators", policy => policy.RequireUserName("ada"));
        builder.Services.AddHealthChecks().AddHanzoSessions();
        var sessions = builder.Services.AddHanzoSessions(options =>
        {
            options.CleanupEnabled = clock is null;
            options.PersistentIdleTimeout = TimeSpan.FromDays(14);
            options.PersistentAbsoluteTimeout = TimeSpan.FromDays(90);
        });
        _ = kind switch
        {
            "postgres" => sessions.UsePostgres(target),
            "sqlite" or "shared" => sessions.UseSqlite($"Data Source={target}", options => options.SharedByProcesses = kind is "shared"),
            _ => throw new ArgumentException($"There is no store '{kind}'."),
        };
        sessions.ProtectCookie(CookieAuthenticationDefaults.AuthenticationScheme, options => options.AdoptUntil = AdoptUntil);
        sessions.UsePolicyProvider<OneSessionPolicy>();
        return builder.Build();
    }

    /// <summary>The user "evicted" may have one session, and a new one ends the old one.</summary>
    private sealed class OneSessionPolicy : ISessionPolicyProvider
    {
        public ValueTask<SessionPolicy> GetPolicyAsync(
            SessionUser user, string application, SessionPolicy defaults, CancellationToken cancellationToken) =>
            new(user.Name is "evicted" ? defaults with { MaxSessions = 1, AtLimit = SessionLimitAction.EndOldest } : defaults);
    }

    /// <summary>Identity asks it for one user's id, name and stamp.</summary>
    private sealed class UserStore : IUserSecurityStampStore<IdentityUser>
    {
        public Task<string> GetUserIdAsync(IdentityUser user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

        public Task<string?> GetUserNameAsync(IdentityUser user, CancellationToken cancellationToken) => Task.FromResult(user.UserName);

        public Task<string?> GetSecurityStampAsync(IdentityUser user, CancellationToken cancellationToken) => Task.FromResult(user.SecurityStamp);

        public Task SetSecurityStampAsync(IdentityUser user, string stamp, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SetUserNameAsync(IdentityUser user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> GetNormalizedUserNameAsync(IdentityUser user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SetNormalizedUserNameAsync(IdentityUser user, string? normalizedName, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IdentityResult> CreateAsync(IdentityUser user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IdentityResult> UpdateAsync(IdentityUser user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IdentityResult> DeleteAsync(IdentityUser user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IdentityUser?> FindByIdAsync(string userId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IdentityUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
