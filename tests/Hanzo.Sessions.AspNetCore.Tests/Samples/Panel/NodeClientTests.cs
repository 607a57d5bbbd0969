using System.Diagnostics;
using System.Text.Json;

namespace Hanzo.Sessions.AspNetCore.Tests.Samples.Panel;

/// <summary>The real package casdoor-nodejs-sdk against a running AdminPanel.</summary>
public sealed class NodeClientTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "clients", "casdoor-nodejs");

    [Test, Description("Compatible verbs: an existing client lists, finds and ends, and hears why it cannot add")]
    public async Task The_real_client_works_unchanged()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "casdoor-nodejs-sdk")))
        {
            Needs.Missing("casdoor-nodejs-sdk is not installed.");
        }

        List<string> ids = [];
        foreach (var user in new[] { "zoe", "ada", "ada" })
        {
            var answer = await PanelProcess.Sample.Visitor().PostFormAsync("/login", user, SampleProcess.Password);
            ids.Insert(0, answer.Json.GetProperty("sessionId").GetString()!);
        }

        var lines = await RunAsync();

        Assert.That(lines.Select(it => it.GetProperty("http").GetInt32()), Is.All.EqualTo(200));
        Assert.That(
            lines.Select(it => $"{it.GetProperty("call").GetString()} {it.GetProperty("answer").GetProperty("status").GetString()}"),
            Is.EqualTo(new[]
            {
                "getSessions ok", "getSession ok", "addSession error", "updateSession error",
                "deleteSession ok", "deleteSession ok", "getSession ok", "getSessions ok",
            }));
        var data = lines.Select(it => it.GetProperty("answer").GetProperty("data")).ToList();
        var record = data[0].EnumerateArray().Single();
        Assert.That(record.GetRawText(), Is.EqualTo(data[1].GetRawText()), "of hanzo alone, and the same both ways");
        Assert.That(record.GetProperty("owner").GetString(), Is.EqualTo("hanzo"));
        Assert.That(record.GetProperty("application").GetString(), Is.EqualTo("app-hanzo"));
        Assert.That(record.GetProperty("sessionId").EnumerateArray().Select(it => it.GetString()), Is.EqualTo(ids[..2]));
        Assert.That((data[4].GetString(), data[5].GetString()), Is.EqualTo(("Affected", "Unaffected")));
        Assert.That((data[6].ValueKind, data[7].GetArrayLength()), Is.EqualTo((JsonValueKind.Null, 0)));
    }

    private static async Task<List<JsonElement>> RunAsync()
    {
        var start = new ProcessStartInfo("node")
        {
            ArgumentList =
            {
                "sessions.js", PanelProcess.Sample.Address.ToString().TrimEnd('/'), "demo-client", "demo-secret-for-local-use", "hanzo", "ada", "app-hanzo",
            },
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var node = Process.Start(start)!;
            var output = await Task.WhenAll(node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
            await node.WaitForExitAsync();
            Assert.That(node.ExitCode, Is.Zero, string.Concat(output));
            return [.. output[0].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Needs.Missing("Node.js is missing: there is no node in PATH.");
            throw;
        }
    }
}
