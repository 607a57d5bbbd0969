using System.Collections.Concurrent;
using Microsoft.AspNetCore.Identity;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>Identity's users in memory: as much of its store interfaces as sign-in needs.</summary>
internal sealed class MemoryUsers :
    IUserPasswordStore<MemoryUser>,
    IUserEmailStore<MemoryUser>,
    IUserSecurityStampStore<MemoryUser>,
    IUserLockoutStore<MemoryUser>,
    IUserTwoFactorStore<MemoryUser>,
    IUserLoginStore<MemoryUser>
{
    private readonly ConcurrentDictionary<string, MemoryUser> _users = new(StringComparer.Ordinal);

    public Task<IdentityResult> CreateAsync(MemoryUser user, CancellationToken cancellationToken)
    {
        _users[user.Id] = user;
        return Task.FromResult(IdentityResult.Success);
    }

    public Task<IdentityResult> UpdateAsync(MemoryUser user, CancellationToken cancellationToken) =>
        Task.FromResult(IdentityResult.Success);

    public Task<IdentityResult> DeleteAsync(MemoryUser user, CancellationToken cancellationToken)
    {
        _users.TryRemove(user.Id, out _);
        return Task.FromResult(IdentityResult.Success);
    }

    public Task<MemoryUser?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Task.FromResult(_users.GetValueOrDefault(userId));

    public Task<MemoryUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        Task.FromResult(_users.Values.SingleOrDefault(it => string.Equals(it.NormalizedName, normalizedUserName, StringComparison.Ordinal)));

    public Task<MemoryUser?> FindByLoginAsync(string loginProvider, string providerKey, CancellationToken cancellationToken) =>
        Task.FromResult(_users.Values.SingleOrDefault(it => it.Login == (loginProvider, providerKey)));

    public Task<string> GetUserIdAsync(MemoryUser user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(MemoryUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Name);

    public Task SetUserNameAsync(MemoryUser user, string? userName, CancellationToken cancellationToken) => Done(user.Name = userName!);

    public Task<string?> GetNormalizedUserNameAsync(MemoryUser user, CancellationToken cancellationToken) =>
        Task.FromResult(user.NormalizedName);

    public Task SetNormalizedUserNameAsync(MemoryUser user, string? normalizedName, CancellationToken cancellationToken) =>
        Done(user.NormalizedName = normalizedName);

    public Task<MemoryUser?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
        Task.FromResult(_users.Values.SingleOrDefault(it => string.Equals(it.NormalizedEmail, normalizedEmail, StringComparison.Ordinal)));

    public Task<string?> GetEmailAsync(MemoryUser user, CancellationToken cancellationToken) => Task.FromResult(user.Email);

    public Task SetEmailAsync(MemoryUser user, string? email, CancellationToken cancellationToken) => Done(user.Email = email);

    public Task<string?> GetNormalizedEmailAsync(MemoryUser user, CancellationToken cancellationToken) => Task.FromResult(user.NormalizedEmail);

    public Task SetNormalizedEmailAsync(MemoryUser user, string? normalizedEmail, CancellationToken cancellationToken) =>
        Done(user.NormalizedEmail = normalizedEmail);

    public Task<bool> GetEmailConfirmedAsync(MemoryUser user, CancellationToken cancellationToken) => Task.FromResult(user.EmailConfirmed);

    public Task SetEmailConfirmedAsync(MemoryUser user, bool confirmed, CancellationToken cancellationToken) => Done(user.EmailConfirmed = confirmed);

    public Task SetPasswordHashAsync(MemoryUser user, string? passwordHash, CancellationToken cancellationToken) =>
        Done(user.PasswordHash = passwordHash);

    public Task<string?> GetPasswordHashAsync(MemoryUser user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(MemoryUser user, CancellationToken cancellationToken) =>
        Task.FromResult(user.PasswordHash is not null);

    public Task SetSecurityStampAsync(MemoryUser user, string stamp, CancellationToken cancellationToken) => Done(user.SecurityStamp = stamp);

    public Task<string?> GetSecurityStampAsync(MemoryUser user, CancellationToken cancellationToken) => Task.FromResult(user.SecurityStamp);

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(MemoryUser user, CancellationToken cancellationToken) =>
        Task.FromResult(user.LockedOutUntil);

    public Task SetLockoutEndDateAsync(MemoryUser user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken) =>
        Done(user.LockedOutUntil = lockoutEnd);

    public Task<int> IncrementAccessFailedCountAsync(MemoryUser user, CancellationToken cancellationToken) =>
        Task.FromResult(++user.Failures);

    public Task ResetAccessFailedCountAsync(MemoryUser user, CancellationToken cancellationToken) => Done(user.Failures = 0);

    public Task<int> GetAccessFailedCountAsync(MemoryUser user, CancellationToken cancellationToken) => Task.FromResult(user.Failures);

    public Task<bool> GetLockoutEnabledAsync(MemoryUser user, CancellationToken cancellationToken) => Task.FromResult(user.CanBeLockedOut);

    public Task SetLockoutEnabledAsync(MemoryUser user, bool enabled, CancellationToken cancellationToken) =>
        Done(user.CanBeLockedOut = enabled);

    public Task SetTwoFactorEnabledAsync(MemoryUser user, bool enabled, CancellationToken cancellationToken) => Done(user.TwoFactor = enabled);

    public Task<bool> GetTwoFactorEnabledAsync(MemoryUser user, CancellationToken cancellationToken) => Task.FromResult(user.TwoFactor);

    public Task AddLoginAsync(MemoryUser user, UserLoginInfo login, CancellationToken cancellationToken) =>
        Done(user.Login = (login.LoginProvider, login.ProviderKey));

    public Task RemoveLoginAsync(MemoryUser user, string loginProvider, string providerKey, CancellationToken cancellationToken) =>
        Done(user.Login = null);

    public Task<IList<UserLoginInfo>> GetLoginsAsync(MemoryUser user, CancellationToken cancellationToken) =>
        Task.FromResult<IList<UserLoginInfo>>(user.Login is { } login ? [new UserLoginInfo(login.Provider, login.Key, null)] : []);

    public void Dispose()
    {
    }

    private static Task Done(object? _) => Task.CompletedTask;
}
