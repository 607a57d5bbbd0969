using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Hanzo.Sessions.TestServers;

/// <summary>
/// Stands between a store and the server. Counts how often the store waits for an answer, and can lose the answer to
/// a commit.
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
        var (header, have, skip) = (new byte[5], 0, 0);
        while (await client.ReadAsync(buffer, over) is > 0 and var length)
        {
            for (var at = 0; at < length;)
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

            await server.WriteAsync(buffer.AsMemory(0, length), over);
        }
    }

    private async Task AnswersAsync(NetworkStream server, NetworkStream client, CancellationToken over)
    {
        var buffer = new byte[1024 * 1024];
        var held = 0;
        while (await server.ReadAsync(buffer.AsMemory(held), over) is > 0 and var length)
        {
            held += length;
            if (Volatile.Read(ref _answersToLose) > 0)
            {
                if (buffer.AsSpan(0, held).IndexOf("COMMIT\0"u8) >= 0)
                {
                    Interlocked.Decrement(ref _answersToLose);
                    return;
                }

                // The whole answer ends with ReadyForQuery: Z, its length, the state of the transaction.
                if (!buffer.AsSpan(0, held - 1).EndsWith("Z\0\0\0\u0005"u8))
                {
                    continue;
                }
            }

            await client.WriteAsync(buffer.AsMemory(0, held), over);
            held = 0;
        }
    }
}
