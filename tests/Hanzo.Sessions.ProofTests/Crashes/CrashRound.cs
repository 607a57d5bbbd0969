using Hanzo.Sessions.ProofTests.CrashWorker;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.ProofTests.Crashes;

/// <summary>One crash under clients that never stop asking one manager.</summary>
internal static class CrashRound
{
    private const int Clients = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>A manager that ends moved sessions, with the default settings but for what a test changes.</summary>
    public static SessionManager Manager(ISessionStore store, Action<HanzoSessionsOptions>? configure = null)
    {
        var options = new HanzoSessionsOptions { OnMove = SessionMoveAction.End };
        configure?.Invoke(options);
        return new SessionManager(store, Options.Create(options), TimeProvider.System, []);
    }

    /// <summary>Lets clients work, crashes something, and goes on until all of them have been answered again.</summary>
    /// <param name="sessions">What the clients ask before and after: nobody restarts it.</param>
    /// <param name="seed">Decides what they do, and when the crash comes.</param>
    /// <param name="crash">Crashes something.</param>
    public static async Task<CrashLedger> RunAsync(SessionManager sessions, int seed, Func<Task> crash)
    {
        var ledger = new CrashLedger();
        using var enough = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients)
            .Select(number => new CrashClient(sessions, $"{Guid.NewGuid():N}-{number}", unchecked(seed + number), ledger.Record))
            .Select(client => Task.Run(() => client.RunAsync(enough.Token)))
            .ToList();
        await UnlessOneFailsAsync(ledger.AcknowledgedAsync(new Random(seed).Next(20, 120)));
        await crash();
        await UnlessOneFailsAsync(ledger.EveryClientAnsweredAsync(Clients));
        await enough.CancelAsync();
        await Task.WhenAll(clients);
        return ledger;

        async Task UnlessOneFailsAsync(Task condition) => await (await Task.WhenAny([condition, .. clients]).WaitAsync(Patience));
    }
}
