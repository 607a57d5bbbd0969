using System.Globalization;
using Hanzo.Sessions.ProofTests.Histories;
using Hanzo.Sessions.StoreTests.BrokenStores;

namespace Hanzo.Sessions.ProofTests.Models;

/// <summary>Random sequences of calls, compared with a plain list answer by answer.</summary>
[Description("C1 C2 C3 C5 C6 V1 V2 V3 V7 V8 T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 L1 L2 L3 L4 L5 A1 A2 U1 U2 U3 U4 U5 U6 U7 K1: every answer is that of a plain list")]
public sealed class ModelTests
{
    private const int MutantSeed = 20260101;
    private const int MostCases = 10_000;

    private static readonly Type[] Mutants =
    [
        typeof(CreationFaults.CountsThenInserts),
        typeof(CreationFaults.CountsTimedOutToLimit),
        typeof(CreationFaults.ReplacesWhenItRefuses),
        typeof(ExpiryFaults.ActiveAtItsLastInstant),
        typeof(ListFaults.ListsEndedSessions),
        typeof(ListFaults.ListsOtherOrganizations),
        typeof(RotationFaults.KeepsOldToken),
        typeof(TerminationFaults.LeavesTimedOutToLateActivities),
        typeof(TerminationFaults.TerminatesAllButOne),
        typeof(TouchFaults.RevivesOnTouch),
        typeof(TouchFaults.TouchesBackwards),
        typeof(PlaceFaults.RevivesOnMove),
        typeof(PlaceFaults.MovesWhateverWasRead),
        typeof(PlaceFaults.ProlongsByPassiveMoves),
        typeof(PlaceFaults.MovesActivityBackwards),
        typeof(PlaceFaults.WritesMovesInsteadOfEndingSessions),
        typeof(PlaceFaults.ForgetsTheUseAtTheEnd),
        typeof(PlaceFaults.CountsTheLastNetworkOnly),
        typeof(PlaceFaults.CountsTheNetworkOfTheSignInOnly),
        typeof(PlaceFaults.FiltersByTheAddressOfTheSignInOnly),
        typeof(PlaceFaults.FiltersByTheLastAddressOnly),
        typeof(BrokenForHistories.CountsOneNetworkTwice),
        typeof(BrokenForHistories.PurgesTheAdopted),
        typeof(ForgettingFaults.LeavesHistory),
        typeof(ForgettingFaults.TakesTheTimedOutForActive),
        typeof(ForgettingFaults.ReportsTheHistoryAgain),
        typeof(ForgettingFaults.ForgetsTheNamesakesElsewhere),
        typeof(ForgettingFaults.CreatesForgottenIds),
        typeof(ForgettingFaults.ForgetsIdsOfEndedSessions),
        typeof(ForgettingFaults.KeepsIdsForever),
        typeof(ForgettingFaults.PurgesIdsWithTheHistory),
        .. typeof(BrokenForModel).GetNestedTypes(System.Reflection.BindingFlags.NonPublic).OrderBy(it => it.Name, StringComparer.Ordinal),
    ];

    private static IEnumerable<TestCaseData> Cases => Mutants.Select(mutant => new TestCaseData(mutant).SetArgDisplayNames(mutant.Name));

    private int _caught;

    [OneTimeTearDown]
    public void ReportMutants() =>
        Figures.Report(string.Create(CultureInfo.InvariantCulture, $"model, checker: mutants={_caught}/{Mutants.Length} seed={MutantSeed}"));

    [Test]
    public void The_memory_store_answers_as_the_model_does() =>
        Check("memory", new StoreUnderTest.Fresh(() => new InMemorySessionStore(Model.Settings)), Proof.Scale(1_500, 30_000));

    [Test]
    public void The_plain_store_of_the_mutants_answers_as_the_model_does() =>
        Check("plain store", new StoreUnderTest.Fresh(() => new PlainStore()), Proof.Scale(300, 3_000));

    [Test]
    public void The_SQLite_store_answers_as_the_model_does()
    {
        var folder = new SqliteFolder();
        try
        {
            using var store = new StoreUnderTest.Lasting(() => folder.Open());
            Check("SQLite", store, Proof.Scale(40, 1_200));
        }
        finally
        {
            folder.Delete();
        }
    }

    [Test]
    public async Task The_PostgreSQL_store_answers_as_the_model_does()
    {
        var database = await PostgresDatabase.CreateAsync();
        using var store = new StoreUnderTest.Lasting(() => database.Open());
        Check("PostgreSQL", store, Proof.Scale(30, 1_000));
    }

    [TestCaseSource(nameof(Cases))]
    public void The_model_finds_the_store_that(Type store)
    {
        var target = new StoreUnderTest.Fresh(() => (ISessionStore)Activator.CreateInstance(store)!);
        Assert.That(
            () => ModelCheck.Run(target, MostCases, MutantSeed),
            Throws.Exception.With.Message.StartsWith("Falsifiable"),
            $"{MostCases} cases did not show what is wrong with {store.Name}.");
        _caught++;
    }

    private static void Check(string name, StoreUnderTest target, int cases)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"model, {name}: cases={cases}");
        try
        {
            var steps = ModelCheck.Run(target, cases, Proof.Seed);
            Figures.Report(string.Create(CultureInfo.InvariantCulture, $"{line} operations={steps} violations=0 seed={Proof.Seed}"));
        }
#pragma warning disable CA1031 // Whatever FsCheck throws: it has the shortest case in its message.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Assert.Fail($"{name}: an answer is not the model's. {Proof.Replay}\n{failure}");
        }
    }
}
