using Microsoft.AspNetCore.Identity;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>A second factor whose code is always the same.</summary>
internal sealed class CodeProvider : IUserTwoFactorTokenProvider<MemoryUser>
{
    public const string Name = "Code";
    public const string Code = "424242";

    public Task<string> GenerateAsync(string purpose, UserManager<MemoryUser> manager, MemoryUser user) => Task.FromResult(Code);

    public Task<bool> ValidateAsync(string purpose, string token, UserManager<MemoryUser> manager, MemoryUser user) =>
        Task.FromResult(string.Equals(token, Code, StringComparison.Ordinal));

    public Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<MemoryUser> manager, MemoryUser user) => Task.FromResult(true);
}
