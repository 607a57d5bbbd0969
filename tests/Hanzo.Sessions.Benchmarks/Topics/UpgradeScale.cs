using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using Hanzo.Sessions.Benchmarks.Harness;
using Hanzo.Sessions.TestServers;
using Npgsql;

namespace Hanzo.Sessions.Benchmarks.Topics;

/// <summary>
/// A server of 0.1 serves clients, and one of this version starts on the same schema, beside a transaction that has read the
/// sessions and stays open.
/// </summary>
/// <param name="rows">How many sessions there are.</param>
internal sealed class UpgradeScale(int rows) : ITopic
{
    private const int Clients = 4;

    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Open = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(1);

    private readonly string _name = FormattableString.Invariant($"upgrade beside a transaction, PostgreSQL, {rows:#,0} rows");

    public IReadOnlyList<string> Works => [_name];

    public async Task RunAsync(Run run)
    {
        await using var world = await PostgresWorld.StartAsync(run, rows, asReleased: true);
        await using var old = Released.Start("serve", "postgres", world.ConnectionString);
        var address = new Uri(await old.ReadLineAsync());
        var (before, during) = (new ConcurrentQueue<double>(), new ConcurrentQueue<double>());
        var (requests, failed) = (before, 0);
        using var over = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(() => UseAsync(client))).ToList();
        await Task.Delay(Usual);

        requests = during;
        TimeSpan took;
        await using (var connection = new NpgsqlConnection(world.ConnectionString))
        {
            await connection.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var reading = new NpgsqlCommand("SELECT id FROM hanzo_sessions.sessions LIMIT 1", connection, transaction);
            await reading.ExecuteScalarAsync();
            var starting = world.Store.PrepareAsync();
            await Task.Delay(Open);
            await transaction.RollbackAsync();
            var watch = Stopwatch.StartNew();
            await starting;
            took = watch.Elapsed;
        }

        await Task.Delay(Usual);
        await over.CancelAsync();
        await Task.WhenAll(clients);
        Report(run, [.. before.Order()], [.. during.Order()], took, failed);

        async Task UseAsync(int client)
        {
            using var http = new HttpClient { BaseAddress = address };
            for (var round = 0; !over.IsCancellationRequested; round++)
            {
                var token = await (await SendAsync(http, HttpMethod.Post, $"/login?name=client-{client}-{round}", token: null)).Content.ReadAsStringAsync();
                for (var look = 0; look < 8; look++)
                {
                    await SendAsync(http, HttpMethod.Get, "/", token);
                }

                await SendAsync(http, HttpMethod.Post, "/logout", token);
            }
        }

        async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string path, string? token)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            var (sent, kept) = (Stopwatch.GetTimestamp(), requests);
            var answer = await http.SendAsync(request);
            kept.Enqueue(Stopwatch.GetElapsedTime(sent).TotalNanoseconds);
            if (!answer.IsSuccessStatusCode)
            {
                Interlocked.Increment(ref failed);
            }

            return answer;
        }
    }

    private void Report(Run run, double[] before, double[] during, TimeSpan took, int failed) => run.Add(new Row(
        _name,
        [
            new Line(FormattableString.Invariant($"requests, p50 of {before.Length:#,0} before"), Role.Floor, Format.Time(before[before.Length / 2])),
            new Line("longest before", Role.Floor, Format.Time(before[^1])),
            new Line(FormattableString.Invariant($"requests, p50 of {during.Length:#,0} during"), Role.Ours, Format.Time(during[during.Length / 2])),
            new Line("longest during", Role.Ours, Format.Time(during[^1])),
            new Line("upgraded, once the transaction was over, within", Role.Ours, Format.Time(took.TotalNanoseconds)),
        ],
        [
            new Verdict("no request takes more than 1 s", Format.Time(during[^1]), during[^1] <= Enough.TotalNanoseconds),
            new Verdict("no request fails", FormattableString.Invariant($"{failed}"), failed == 0),
        ]));
}
