namespace Hanzo.Sessions.AspNetCore.Tests.Http.Panel;

/// <summary>One AdminPanel for the tests of this namespace, run as a user runs it.</summary>
[SetUpFixture]
public sealed class PanelProcess
{
    public const string Password = "correct horse battery staple";

    private static SampleProcess? _sample;

    internal static SampleProcess Sample => _sample!;

    [OneTimeSetUp]
    public async Task StartAsync() => _sample = await SampleProcess.StartAsync("AdminPanel");

    [OneTimeTearDown]
    public async Task StopAsync() => await Sample.DisposeAsync();

    internal static async Task<Answer> PostFormAsync(Visitor visitor, string path, string user, string password, params (string, string)[] headers)
    {
        using var form = new FormUrlEncodedContent([new("username", user), new("password", password)]);
        return await visitor.SendAsync(HttpMethod.Post, path, headers, form);
    }
}
