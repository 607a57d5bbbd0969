using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.Testing;

namespace Hanzo.Sessions.StoreTests.Postgres;

public sealed class PostgresSessionStoreTests : ClockedSessionStoreContract
{
    private static readonly Lazy<Task<string>> Database = new(async () => await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());
    private static int _schemas;
    private string _schema = "";

    protected override async Task<ISessionStore> OpenEmptyStoreAsync()
    {
        _ = await PostgresServer.SharedAsync();
        _schema = $"facts_{Interlocked.Increment(ref _schemas)}";
        return await OpenAgainAsync();
    }

    protected override async Task<ISessionStore> OpenAgainAsync() =>
        new PostgresSessionStore(await Database.Value, new PostgresSessionStoreOptions { Schema = _schema });
}
