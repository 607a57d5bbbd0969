namespace Hanzo.Sessions.AspNetCore.Tests.Samples.Panel;

/// <summary>One AdminPanel for the tests of this namespace, run as a user runs it.</summary>
[SetUpFixture]
public sealed class PanelProcess
{
    private static SampleProcess? _sample;

    internal static SampleProcess Sample => _sample!;

    [OneTimeSetUp]
    public async Task StartAsync() => _sample = await SampleProcess.StartAsync("AdminPanel");

    [OneTimeTearDown]
    public async Task StopAsync() => await Sample.DisposeAsync();
}
