using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.TestServers;

/// <summary>Opens an empty store by the name of its kind, for tests that are the same for all three.</summary>
public static class StoreOfKind
{
    public static async Task<ISessionStore> OpenAsync(string kind, SqliteFolder folder)
    {
        ISessionStore store = kind switch
        {
            "memory" => new InMemorySessionStore(Options.Create(new HanzoSessionsOptions())),
            "SQLite" => folder.Open(),
            _ => (await PostgresDatabase.CreateAsync()).Open(),
        };
        await store.PrepareAsync();
        return store;
    }
}
