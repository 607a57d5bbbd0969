using System.Globalization;

namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>Counts what a suite of histories has done, and fails it at the first history that breaks a promise.</summary>
internal sealed class HistoryFigures(string suite)
{
    public int Histories { get; private set; }

    public int Operations { get; private set; }

    /// <summary>Checks one more history.</summary>
    public void Add(int number, IReadOnlyList<Operation> operations)
    {
        Histories++;
        Operations += operations.Count;
        var violations = HistoryChecker.Check(operations);
        if (violations.Count > 0)
        {
            Figures.Report($"{this} violations={violations.Count} seed={Proof.Seed}");
            var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, string.Create(CultureInfo.InvariantCulture, $"history-{Proof.Seed}-{number}.txt"));
            File.WriteAllLines(file, operations.OrderBy(it => it.Start).Select(it => it.ToString()));
            TestContext.AddTestAttachment(file, "All operations of the history");
            Assert.Fail($"{suite}: history {number} breaks a promise. {Proof.Replay} All of it: {file}\n{string.Join('\n', violations.Take(5))}");
        }
    }

    /// <summary>Prints the line of a suite that has broken no promise.</summary>
    public void Report(string more = "") => Figures.Report($"{this} violations=0{more} seed={Proof.Seed}");

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"histories, {suite}: histories={Histories} operations={Operations}");
}
