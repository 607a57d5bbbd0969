using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hanzo.Sessions.Benchmarks.Harness;

/// <summary>Connections that send the same request again and again, each after the answer to the one before.</summary>
internal static class HttpLoad
{
    public static async Task<(long Requests, TimeSpan Elapsed)> RunAsync(Uri url, string? cookie, int connections, TimeSpan length)
    {
        var request = Encoding.ASCII.GetBytes(
            $"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\n{(cookie is null ? "" : $"Cookie: {cookie}\r\n")}\r\n");
        var watch = Stopwatch.StartNew();
        var done = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => AskAsync(url.Port, request, watch, length)));
        return (done.Sum(), watch.Elapsed);
    }

    private static async Task<long> AskAsync(int port, byte[] request, Stopwatch watch, TimeSpan length)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var buffer = new byte[4096];
        var requests = 0L;
        for (; watch.Elapsed < length; requests++)
        {
            await socket.SendAsync(request);

            // The answers are small and have the same length: one packet each.
            var received = await socket.ReceiveAsync(buffer);
            if (received == 0 || !buffer.AsSpan(0, received).StartsWith("HTTP/1.1 200"u8))
            {
                throw new InvalidOperationException(Encoding.ASCII.GetString(buffer, 0, received));
            }
        }

        return requests;
    }
}
