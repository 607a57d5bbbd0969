using Hanzo.Sessions.Testing;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.StoreTests;

public sealed class InMemorySessionStoreTests : SessionStoreContract
{
    protected override Task<ISessionStore> OpenEmptyStoreAsync() =>
        Task.FromResult<ISessionStore>(new InMemorySessionStore(Options.Create(new HanzoSessionsOptions())));
}
