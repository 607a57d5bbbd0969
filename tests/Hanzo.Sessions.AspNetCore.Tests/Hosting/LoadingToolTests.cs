using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore.Tests.Hosting;

/// <summary>
/// A build that writes an OpenAPI document starts the host in a program of its own, with a server that does nothing.
/// <c>tests/consumer/run.sh</c> does it with the real tools.
/// </summary>
[NonParallelizable, FixtureLifeCycle(LifeCycle.InstancePerTestCase)] // the program of the process is changed
public sealed class LoadingToolTests
{
    private readonly SqliteFolder _folder = new();
    private readonly TestClock _clock = new();
    private readonly Assembly? _program = Assembly.GetEntryAssembly();

    [SetUp]
    public void PretendToBeTheTool() => Assembly.SetEntryAssembly(typeof(LoadingToolTests).Assembly);

    [TearDown]
    public void BeTheTestsAgain()
    {
        Assembly.SetEntryAssembly(_program);
        _folder.Delete();
    }

    [Test, Description("K1 a host that a tool has started neither makes the file nor cleans up")]
    public async Task A_host_that_a_tool_has_started_touches_no_store()
    {
        var log = new RecordedLines();
        await using var app = Build("shop", tool: true, log);

        await app.StartAsync();
        var cleanup = app.Services.GetRequiredService<SessionCleanupService>();

        await cleanup.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(Directory.GetFiles(_folder.Path), Is.Empty);
        Assert.That(cleanup.SinceLastRun, Is.Null);
        Assert.That(log.All, Has.Some.Contains("has loaded this app and serves no requests"));
        await app.StopAsync();
    }

    [Test, Description("K1 a tool needs no database")]
    public async Task A_host_that_a_tool_has_started_needs_no_database()
    {
        await using var app = Build("shop", tool: true, new RecordedLines(), sessions => sessions.UsePostgres("Host=127.0.0.1;Port=1", options => options.Retries = 0));

        await app.StartAsync();
        await app.StopAsync();
    }

    [TestCase("shop", false, Description = "a server of the framework, in the program of another app")]
    [TestCase("Hanzo.Sessions.AspNetCore.Tests", true, Description = "a server of the app's own")]
    public async Task A_host_that_serves_its_app_prepares_the_store(string application, bool ownServer)
    {
        await using var app = Build(application, ownServer, new RecordedLines());

        await app.StartAsync();

        Assert.That(File.Exists(_folder.File));
        Assert.That(app.Services.GetRequiredService<SessionCleanupService>().ExecuteTask!.IsCompleted, Is.False);
        await app.StopAsync();
    }

    private WebApplication Build(string application, bool tool, RecordedLines log, Action<HanzoSessionsBuilder>? store = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = application,
            EnvironmentName = "Production",
            Args = ["--urls=http://127.0.0.1:0", "--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddSingleton<TimeProvider>(_clock);
        var sessions = builder.Services.AddHanzoSessions();
        if (store is null)
        {
            sessions.UseSqlite($"Data Source={_folder.File}");
        }
        else
        {
            store(sessions);
        }

        if (tool)
        {
            builder.Services.AddSingleton<IServer, IdleServer>().AddSingleton<IHostLifetime, IdleServer>();
        }

        return builder.Build();
    }
}
