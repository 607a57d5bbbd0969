namespace Hanzo.Sessions.StoreTests;

/// <summary>Ends the server of the test run after the last test.</summary>
[SetUpFixture]
public sealed class PostgresServerShutdown
{
    [OneTimeTearDown]
    public Task StopAsync() => PostgresServer.StopSharedAsync();
}
