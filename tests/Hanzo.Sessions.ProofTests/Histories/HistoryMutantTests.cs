using System.Globalization;
using Hanzo.Sessions.ProofTests.Faults;
using Hanzo.Sessions.StoreTests.BrokenStores;

namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>The checker is checked: it finds the fault of every store that has one.</summary>
public sealed class HistoryMutantTests
{
    // The first one is usually found within ten, the rarest among thousands. The seed is fixed, so this either works always or never.
    private const int Seed = 20260101;
    private const int MostHistories = 10_000;

    private static readonly (Type Store, string Promise)[] Mutants =
    [
        (typeof(BrokenForHistories.WritesBackWhatItHasRead), "P1"),
        (typeof(BrokenForHistories.SkipsOneOfMany), "P1"),
        (typeof(BrokenForHistories.AnswersFromACache), "P1"),
        (typeof(BrokenForHistories.PassesOverTheTimedOut), "P1"),
        (typeof(BrokenForHistories.CountsThenInserts), "P2"),
        (typeof(BrokenForHistories.LeavesTimedOutToLateActivities), "P2"),
        (typeof(BrokenForHistories.CountsTheTimedOut), "P3"),
        (typeof(BrokenForHistories.CountsTheReplaced), "P3"),
        (typeof(BrokenForHistories.ForgetsActivities), "P4"),
        (typeof(BrokenForHistories.EvictsOneTooMany), "P4"),
        (typeof(BrokenForHistories.ListsTheEnded), "P5"),
        (typeof(BrokenForHistories.MissesTheNewest), "P5"),
        (typeof(BrokenForHistories.ListsForeignSessions), "P5"),
        (typeof(RotationFaults.KeepsOldToken), "P6"),
        (typeof(BrokenForHistories.LetsEverybodyRotate), "P6"),
        (typeof(BrokenForHistories.SlidesTheAbsoluteTimeout), "P7"),
        (typeof(BrokenForHistories.RevivesTheTimedOut), "P7"),
        (typeof(BrokenForHistories.ReportsTimeoutsTwice), "P8"),
        (typeof(BrokenForHistories.EndsWhatSomebodyElseHasEnded), "P8"),
    ];

    private static IEnumerable<TestCaseData> Cases =>
        Mutants.Select(mutant => new TestCaseData(mutant.Store, mutant.Promise).SetArgDisplayNames(mutant.Store.Name, mutant.Promise));

    private int _caught;

    [OneTimeTearDown]
    public void Report() => Figures.Report(
        string.Create(CultureInfo.InvariantCulture, $"histories, checker: mutants={_caught}/{2 * Mutants.Length} seed={Seed}"));

    [TestCaseSource(nameof(Cases))]
    public void Histories_find_the_store_that(Type store, string promise) =>
        Find(store, promise, (inner, random) => new PausingStore(inner, random));

    [TestCaseSource(nameof(Cases))]
    public void Histories_over_a_bad_network_find_the_store_that(Type store, string promise) =>
        Find(store, promise, (inner, random) => new FaultyStore(inner, random));

    private void Find(Type store, string promise, Func<ISessionStore, Random, ISessionStore> network)
    {
        for (var number = 0; number < MostHistories; number++)
        {
            var operations = InterleavedHistory.Run(Seed, number, (ISessionStore)Activator.CreateInstance(store)!, network);
            if (HistoryChecker.Check(operations).Any(violation => string.Equals(violation.Promise, promise, StringComparison.Ordinal)))
            {
                _caught++;
                return;
            }
        }

        Assert.Fail($"{MostHistories} histories did not show that {store.Name} breaks {promise}.");
    }
}
