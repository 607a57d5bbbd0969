using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>A loopback server that takes OTLP over HTTP and says when a text has come in.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<(string Path, string Body)> _received = [];
    private readonly WebApplication _app;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OtlpCollector(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new OtlpCollector(builder.Build());
        collector._app.MapPost("/v1/{kind}", collector.ReceiveAsync);
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>Waits until a text has come in at a path, for a minute at most.</summary>
    public async Task WaitForAsync(string path, string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (_received.Exists(it => it.Path.EndsWith(path, StringComparison.Ordinal) && it.Body.Contains(text, StringComparison.Ordinal)))
                {
                    return;
                }

                more = _more.Task;
            }

            await more.WaitAsync(patience.Token);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        TaskCompletionSource reached;
        lock (_lock)
        {
            _received.Add((request.Path, Encoding.Latin1.GetString(body.ToArray())));
            (reached, _more) = (_more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        reached.SetResult();
        return Results.Bytes([], "application/x-protobuf");
    }
}
