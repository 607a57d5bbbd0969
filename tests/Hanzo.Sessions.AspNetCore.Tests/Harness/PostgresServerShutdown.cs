namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>The server that some tests share goes when all tests are done.</summary>
[SetUpFixture]
public sealed class PostgresServerShutdown
{
    [OneTimeTearDown]
    public Task StopAsync() => PostgresServer.StopSharedAsync();
}
