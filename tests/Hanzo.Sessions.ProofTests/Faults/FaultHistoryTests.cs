using System.Globalization;
using Hanzo.Sessions.ProofTests.Histories;

namespace Hanzo.Sessions.ProofTests.Faults;

/// <summary>Random histories over a network that delays, loses and doubles calls and answers.</summary>
public sealed class FaultHistoryTests
{
    [Test]
    [Description("V6, T8: what a failed call leaves behind is one of its possible outcomes, and nothing else")]
    public void Delayed_lost_and_doubled_calls_break_no_promise()
    {
        var figures = new HistoryFigures("memory behind faults, interleaved by seed");
        var faults = 0;
        for (var number = 0; number < Proof.Scale(1_500, 40_000); number++)
        {
            LossyStore? network = null;
            figures.Add(number, InterleavedHistory.Run(
                Proof.Seed, number, new InMemorySessionStore(HistoryPlan.Settings), (store, random) => network = new LossyStore(store, random)));
            faults += network!.Faults;
        }

        figures.Report(string.Create(CultureInfo.InvariantCulture, $" faults={faults}"));
    }
}
