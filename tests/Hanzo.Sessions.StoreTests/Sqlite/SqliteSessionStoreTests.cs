using Hanzo.Sessions.Testing;

namespace Hanzo.Sessions.StoreTests.Sqlite;

public sealed class SqliteSessionStoreTests : SharedSessionStoreContract
{
    private SqliteFolder _folder = new();

    protected override Task<ISessionStore> OpenEmptyStoreAsync()
    {
        _folder = new SqliteFolder();
        return Task.FromResult<ISessionStore>(_folder.Open());
    }

    protected override Task<ISessionStore> OpenAgainAsync() => Task.FromResult<ISessionStore>(_folder.Open());

    protected override Task RemoveStoreAsync()
    {
        _folder.Delete();
        return Task.CompletedTask;
    }
}
