using System.Globalization;
using Hanzo.Sessions.StoreTests.BrokenStores;

namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>
/// The few calls that show a fault which random histories meet rarely, in every order that some seeds can give them. Each is also done
/// to the store in memory, which must pass.
/// </summary>
public sealed class DirectedHistoryTests
{
    private const int Orders = 60;

    // Numbers of Places.All: two addresses of one network, another network, IPv6; all with one agent.
    private const int Home = 0;
    private const int Upstairs = 3;
    private const int Away = 6;
    private const int Abroad = 9;

    private static readonly (Type Store, string Promise, Action<DirectedHistory> Script)[] Scripts =
    [
        (typeof(BrokenForHistories.CountsTheAlarmBeforeTheTurn), "U6", script =>
        {
            var (one, other) = (script.SignIn(Home), script.SignIn(Upstairs));
            script.AtOnce(it => it.ValidateAsync(one, passive: false, Away), it => it.ValidateAsync(other, passive: false, Abroad));
        }),
        (typeof(BrokenForHistories.ReadsThenMoves), "U2", script =>
        {
            var one = script.SignIn(Home);
            script.AtOnce(it => it.ValidateAsync(one, passive: false, Away), it => it.ValidateAsync(one, passive: true, Abroad));
        }),
        (typeof(BrokenForHistories.PassesOverTheTimedOut), "V4", script =>
        {
            var one = script.SignIn(Home);
            script.Wait(HistoryPlan.Idle - TimeSpan.FromSeconds(1));
            script.AtOnce(it => it.ValidateAsync(one, passive: false), async it =>
            {
                for (var turns = 0; turns < 60; turns++)
                {
                    await Interleaving.PauseAsync();
                }

                script.Wait(TimeSpan.FromSeconds(2));
                await it.TerminateAllAsync(user: 0);
            });
        }),
        (typeof(PlaceFaults.RevivesOnMove), "V4", script =>
        {
            var one = script.SignIn(Home);
            script.AtOnce(it => it.ValidateAsync(one, passive: false, Away), it => it.TerminateAsync(one));
        }),
        (typeof(PlaceFaults.ProlongsByPassiveMoves), "V2", script =>
        {
            var one = script.SignIn(Home);
            script.Wait(HistoryPlan.Idle - TimeSpan.FromSeconds(1));
            script.AtOnce(it => it.ValidateAsync(one, passive: true, Away));
            script.Wait(TimeSpan.FromSeconds(2));
        }),
        (typeof(ForgettingFaults.CreatesForgottenIds), "U7", script =>
        {
            script.AtOnce(it => it.AdoptAsync(user: 0, number: 0));
            script.AtOnce(it => it.ForgetAsync(user: 0), it => it.AdoptAsync(user: 0, number: 0));
        }),
    ];

    private static IEnumerable<TestCaseData> Cases =>
        Scripts.Select(it => new TestCaseData(it.Store, it.Promise).SetArgDisplayNames(it.Store.Name, it.Promise));

    private int _caught;

    [OneTimeTearDown]
    public void Report() => Figures.Report(
        string.Create(CultureInfo.InvariantCulture, $"histories, directed: mutants={_caught}/{Scripts.Length}"));

    [TestCaseSource(nameof(Cases))]
    public void The_calls_that_matter_find_the_store_that(Type store, string promise)
    {
        var script = Array.Find(Scripts, it => it.Store == store).Script;
        var found = Enumerable.Range(0, Orders).SelectMany(order => Run((ISessionStore)Activator.CreateInstance(store)!, order, script));
        Assert.That(found.Select(it => it.Promise), Does.Contain(promise));
        var wrong = Enumerable.Range(0, Orders).SelectMany(order => Run(new InMemorySessionStore(HistoryPlan.Settings), order, script));
        Assert.That(wrong, Is.Empty);
        _caught++;
    }

    private static IReadOnlyList<Violation> Run(ISessionStore store, int order, Action<DirectedHistory> script)
    {
        using var history = new DirectedHistory(store, order);
        script(history);
        return HistoryChecker.Check(history.Finish());
    }
}
