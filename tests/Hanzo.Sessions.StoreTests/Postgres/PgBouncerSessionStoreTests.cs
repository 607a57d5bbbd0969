using Hanzo.Sessions.Postgres;
using Hanzo.Sessions.Testing;

namespace Hanzo.Sessions.StoreTests.Postgres;

/// <summary>The contract through a pooler in transaction mode, with the defaults of the store.</summary>
public sealed class PgBouncerSessionStoreTests : SharedSessionStoreContract
{
    private static int _schemas;
    private PgBouncer? _pooler;
    private string _schema = "";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var server = await PostgresServer.SharedAsync();
        _pooler = await PgBouncer.StartAsync(await server.CreateDatabaseAsync(), "transaction");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_pooler is not null)
        {
            await _pooler.DisposeAsync();
        }
    }

    protected override async Task<ISessionStore> OpenEmptyStoreAsync()
    {
        _schema = $"pooled_{Interlocked.Increment(ref _schemas)}";
        return await OpenAgainAsync();
    }

    protected override Task<ISessionStore> OpenAgainAsync() => Task.FromResult<ISessionStore>(
        new PostgresSessionStore(_pooler!.ConnectionString, new PostgresSessionStoreOptions { Schema = _schema }));
}
