using System.Globalization;
using Hanzo.Sessions.ProofTests.Faults;
using Hanzo.Sessions.StoreTests.BrokenStores;

namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>The checker is checked: it finds the fault of every store that has one.</summary>
public sealed class HistoryMutantTests
{
    // The first one is usually found within ten, the rarest among a thousand; what is rarer has a directed history. The seed is fixed, so this either works always or never.
    private const int Seed = 20260101;
    private const int MostHistories = 4_000;

    private static readonly (Type Store, string Promise)[] Mutants =
    [
        (typeof(BrokenForHistories.WritesBackWhatItHasRead), "V4"),
        (typeof(TerminationFaults.TerminatesAllButOne), "T5"),
        (typeof(BrokenForHistories.AnswersFromACache), "V4"),
        (typeof(BrokenForHistories.CountsThenInserts), "C2"),
        (typeof(BrokenForHistories.LeavesTimedOutToLateActivities), "C2"),
        (typeof(CreationFaults.CountsTimedOutToLimit), "C2 refused"),
        (typeof(BrokenForHistories.CountsTheReplaced), "C2 refused"),
        (typeof(BrokenForHistories.ForgetsActivities), "V3"),
        (typeof(BrokenForHistories.EvictsOneTooMany), "T8"),
        (typeof(ListFaults.ListsEndedSessions), "L1"),
        (typeof(BrokenForHistories.MissesTheNewest), "L2"),
        (typeof(BrokenForHistories.ListsForeignSessions), "L3"),
        (typeof(RotationFaults.KeepsOldToken), "T10"),
        (typeof(BrokenForHistories.LetsEverybodyRotate), "T10"),
        (typeof(BrokenForHistories.SlidesTheAbsoluteTimeout), "V2"),
        (typeof(BrokenForHistories.RevivesTheTimedOut), "V7"),
        (typeof(BrokenForHistories.ReportsTimeoutsTwice), "K1"),
        (typeof(BrokenForHistories.EndsWhatSomebodyElseHasEnded), "T8"),
        (typeof(PlaceFaults.RevivesOnMove), "V4"),
        (typeof(PlaceFaults.MovesWhateverWasRead), "U2"),
        (typeof(PlaceFaults.ProlongsByPassiveMoves), "V2"),
        (typeof(PlaceFaults.WritesMovesInsteadOfEndingSessions), "U5"),
        (typeof(BrokenForHistories.OnlySaysThatMovesEnd), "V4"),
        (typeof(PlaceFaults.ForgetsTheUseAtTheEnd), "U1"),
        (typeof(BrokenForHistories.ListsThePlaceOfTheSignIn), "U1"),
        (typeof(PlaceFaults.CountsTheLastNetworkOnly), "U6"),
        (typeof(BrokenForHistories.CountsOneNetworkTwice), "U6"),
        (typeof(ForgettingFaults.LeavesHistory), "U7"),
        (typeof(ForgettingFaults.CreatesForgottenIds), "U7"),
        (typeof(ForgettingFaults.ReportsTheHistoryAgain), "T8"),
        (typeof(BrokenForHistories.PurgesTheAdopted), "U7"),
        (typeof(BrokenForHistories.PurgesTooEarly), "L5"),
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
        Find(store, promise, (inner, random) => new LossyStore(inner, random));

    private void Find(Type store, string promise, Func<ISessionStore, Random, ISessionStore> network)
    {
        for (var number = 0; number < MostHistories; number++)
        {
            var operations = InterleavedHistory.Run(Seed, number, (ISessionStore)Activator.CreateInstance(store)!, network);
            if (HistoryChecker.Check(operations).Any(violation => string.Equals(violation.Promise, promise, StringComparison.Ordinal)))
            {
                _caught++;
                TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{store.Name} was found in history {number}."));
                return;
            }
        }

        Assert.Fail($"{MostHistories} histories did not show that {store.Name} breaks {promise}.");
    }
}
