using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.Benchmarks.Rivals;

/// <summary>Tickets as bytes in an <see cref="IDistributedCache"/>: here the one in memory, so without any network.</summary>
internal sealed class DistributedCacheTicketStore : ITicketStore
{
    private readonly MemoryDistributedCache _cache = new(Options.Create(new MemoryDistributedCacheOptions { SizeLimit = null }));

    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var key = "AuthSessionStore-" + Guid.NewGuid();
        await RenewAsync(key, ticket);
        return key;
    }

    public Task RenewAsync(string key, AuthenticationTicket ticket) => _cache.SetAsync(
        key,
        TicketSerializer.Default.Serialize(ticket),
        new DistributedCacheEntryOptions { AbsoluteExpiration = ticket.Properties.ExpiresUtc, SlidingExpiration = TimeSpan.FromHours(1) });

    public async Task<AuthenticationTicket?> RetrieveAsync(string key) =>
        await _cache.GetAsync(key) is { } bytes ? TicketSerializer.Default.Deserialize(bytes) : null;

    public Task RemoveAsync(string key) => _cache.RemoveAsync(key);
}
