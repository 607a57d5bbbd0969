using System.Text.Json;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>What AdminPanel shows to whoever runs it.</summary>
public sealed class AdminPanelOperationTests
{
    [Test, Description("Metrics and traces go out by OTLP when the environment says where to")]
    public async Task Metrics_and_traces_are_exported_by_otlp()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var sample = await SampleProcess.StartAsync(
            "AdminPanel",
            "Development",
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "100"),
            ("OTEL_BSP_SCHEDULE_DELAY", "100"));

        using var ada = await sample.SignedInAsync("ada");

        await collector.WaitForAsync("/v1/metrics", "hanzo.sessions.created");
        await collector.WaitForAsync("/v1/metrics", "hanzo.sessions.store.duration");
        await collector.WaitForAsync("/v1/traces", "hanzo.sessions.create");
    }

    [Test, Description("A2 the audit log has a line for each event; health answers")]
    public async Task The_audit_log_tells_who_signed_in_and_how_each_session_ended()
    {
        await using var sample = await SampleProcess.StartAsync("AdminPanel", "Development", ("HanzoSessions__MaxSessions", "1"));
        using var ada = await sample.SignedInAsync("ada");
        using var second = sample.Visitor();
        await second.PostFormAsync("/login", "ada", SampleProcess.Password);
        await ada.PostAsync("/logout");

        // What happened is told in order, so the end is the last line.
        var lines = await ReadUntilAsync(sample.AuditLog, "ended");

        Assert.That(lines.Select(it => $"{Text(it, "what")} {Text(it, "user")}"), Is.EqualTo(new[] { "created hanzo/ada", "refused hanzo/ada", "ended hanzo/ada" }));
        Assert.That((Text(lines[2], "reason"), Text(lines[2], "by")), Is.EqualTo(("SignedOut", "user:hanzo/ada")));
        Assert.That(Text(lines[2], "id"), Is.EqualTo(Text(lines[0], "id")));
        Assert.That((await second.GetAsync("/health")).Body, Is.EqualTo("Healthy"));
    }

    private static string? Text(JsonElement line, string name) => line.GetProperty(name).GetString();

    // The file of another process tells nobody when it grows.
    private static async Task<List<JsonElement>> ReadUntilAsync(string file, string last)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var text = File.Exists(file) ? await File.ReadAllTextAsync(file) : "";
            if (text.Contains($"\"what\":\"{last}\"", StringComparison.Ordinal) && text.EndsWith('\n'))
            {
                return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
            }

            await timer.WaitForNextTickAsync(patience.Token);
        }
    }
}
