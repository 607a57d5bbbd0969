using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.TestServers;

/// <summary>Opens an empty store by the name of its kind, for tests that are the same for all three.</summary>
public static class StoreOfKind
{
    /// <param name="kind">Memory, SQLite or PostgreSQL.</param>
    /// <param name="folder">Where the file of SQLite goes.</param>
    /// <param name="clock">Replaces the clock of PostgreSQL; null for the server's own.</param>
    public static async Task<ISessionStore> OpenAsync(string kind, SqliteFolder folder, TimeProvider? clock = null)
    {
        ISessionStore store = kind switch
        {
            "memory" => new InMemorySessionStore(Options.Create(new HanzoSessionsOptions())),
            "SQLite" => folder.Open(),
            _ => (await PostgresDatabase.CreateAsync()).Open(clock: clock),
        };
        await store.PrepareAsync();
        return store;
    }
}
