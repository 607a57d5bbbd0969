using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Hanzo.Sessions.TestServers;

/// <summary>
/// Stands between a store and the server. Counts how often the store waits for an answer, can lose the answer to a
/// commit, and can change what the store says.
/// </summary>
public sealed class PostgresProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _server;
    private readonly Task _accepting;
    private int _roundTrips;
    private int _answersToLose;

    public PostgresProxy(string connectionString)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        _server = new IPEndPoint(IPAddress.Parse(connection.Host!), connection.Port);
        _listener.Start();
        connection.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        connection.SslMode = SslMode.Disable;
        ConnectionString = connection.ConnectionString;
        _accepting = AcceptAsync();
    }

    /// <summary>How a store reaches the server through here.</summary>
    public string ConnectionString { get; }

    /// <summary>Replaces each occurrence of a text on its way to the server by another one of the same length. Set it before connecting.</summary>
    public (string Text, string By)? Rewrite { get; init; }

    /// <summary>How often a client has sent something that it waits for (Sync or Query) since the last look.</summary>
    public int TakeRoundTrips() => Interlocked.Exchange(ref _roundTrips, 0);

    /// <summary>Lets the next commit reach the server, waits until it is done, and cuts the connection instead of answering.</summary>
    public void LoseNextCommitAnswer() => Interlocked.Increment(ref _answersToLose);

    /// <summary>Whether the answer was lost.</summary>
    public bool HasLostAnswer => Volatile.Read(ref _answersToLose) == 0;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            await server.ConnectAsync(_server);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            await Task.WhenAll(
                UntilOverAsync(() => RequestsAsync(client.GetStream(), server.GetStream(), over.Token), over),
                UntilOverAsync(() => AnswersAsync(server.GetStream(), client.GetStream(), over.Token), over));
        }
    }

    private static async Task UntilOverAsync(Func<Task> pump, CancellationTokenSource over)
    {
        try
        {
            await pump();
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException)
        {
            // One side has gone; the other is told by closing it.
        }

        await over.CancelAsync();
    }

    private async Task RequestsAsync(NetworkStream client, NetworkStream server, CancellationToken over)
    {
        var buffer = new byte[64 * 1024];
        var startup = new byte[4];
        await client.ReadExactlyAsync(startup, over);
        var rest = buffer.AsMemory(0, BinaryPrimitives.ReadInt32BigEndian(startup) - startup.Length);
        await client.ReadExactlyAsync(rest, over);
        await server.WriteAsync(startup, over);
        await server.WriteAsync(rest, over);

        // From here on a message is a letter, a length that counts itself, and the rest.
        var (header, have, skip, kept) = (new byte[5], 0, 0, 0);
        while (await client.ReadAsync(buffer.AsMemory(kept), over) is > 0 and var read)
        {
            var length = kept + read;
            for (var at = kept; at < length;)
            {
                if (skip > 0)
                {
                    var passed = Math.Min(skip, length - at);
                    (skip, at) = (skip - passed, at + passed);
                }
                else
                {
                    header[have++] = buffer[at++];
                    if (have == header.Length)
                    {
                        (have, skip) = (0, BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - 4);
                        if (header[0] is (byte)'S' or (byte)'Q')
                        {
                            Interlocked.Increment(ref _roundTrips);
                        }
                    }
                }
            }

            kept = Rewrite is { } rewrite
                ? Replace(buffer.AsSpan(0, length), Encoding.UTF8.GetBytes(rewrite.Text), Encoding.UTF8.GetBytes(rewrite.By))
                : 0;
            await server.WriteAsync(buffer.AsMemory(0, length - kept), over);
            buffer.AsSpan(length - kept, kept).CopyTo(buffer);
        }
    }

    /// <summary>Replaces a text, and answers how many bytes at the end may be the beginning of another one.</summary>
    private static int Replace(Span<byte> bytes, ReadOnlySpan<byte> text, ReadOnlySpan<byte> by)
    {
        while (bytes.IndexOf(text) is >= 0 and var at)
        {
            by.CopyTo(bytes[at..]);
            bytes = bytes[(at + text.Length)..];
        }

        var kept = Math.Min(text.Length - 1, bytes.Length);
        while (!text.StartsWith(bytes[^kept..]))
        {
            kept--;
        }

        return kept;
    }

    private async Task AnswersAsync(NetworkStream server, NetworkStream client, CancellationToken over)
    {
        var buffer = new byte[1024 * 1024];
        var (held, signedIn) = (0, false);
        while (await server.ReadAsync(buffer.AsMemory(held), over) is > 0 and var length)
        {
            held += length;

            // The whole answer ends with ReadyForQuery: Z, its length, the state of the transaction.
            var whole = buffer.AsSpan(0, held - 1).EndsWith("Z\0\0\0\u0005"u8);
            if (signedIn && Volatile.Read(ref _answersToLose) > 0)
            {
                if (buffer.AsSpan(0, held).IndexOf("COMMIT\0"u8) >= 0)
                {
                    Interlocked.Decrement(ref _answersToLose);
                    return;
                }

                if (!whole)
                {
                    continue;
                }
            }

            signedIn |= whole;
            await client.WriteAsync(buffer.AsMemory(0, held), over);
            held = 0;
        }
    }
}
