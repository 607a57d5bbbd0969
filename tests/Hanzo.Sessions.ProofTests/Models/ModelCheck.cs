using FsCheck;
using FsCheck.Fluent;

namespace Hanzo.Sessions.ProofTests.Models;

/// <summary>Makes random cases, tries them, and cuts the first one that fails down to a short one.</summary>
internal static class ModelCheck
{
    private static readonly (int Weight, StepKind Kind)[] Weights =
    [
        (20, StepKind.Create), (3, StepKind.CreateTwiceAtOnce), (5, StepKind.CreateOver), (6, StepKind.Adopt),
        (16, StepKind.Validate), (4, StepKind.ValidatePassively), (10, StepKind.RecordActivity),
        (12, StepKind.ValidateFrom), (3, StepKind.ValidateFromWhereMovesEnd), (8, StepKind.RecordUse),
        (6, StepKind.Terminate), (3, StepKind.TerminateAll), (2, StepKind.TerminateAllProtected), (2, StepKind.TerminateOthers),
        (2, StepKind.TerminateRecord), (2, StepKind.TerminateMatching), (1, StepKind.TerminateOrganization),
        (1, StepKind.TerminateEverything), (1, StepKind.TerminateUser), (2, StepKind.SignOut), (3, StepKind.Forget), (2, StepKind.RotateOrEnd),
        (2, StepKind.Renew), (2, StepKind.ReplacePayload), (2, StepKind.EndOutdated), (3, StepKind.ListIpSpread), (6, StepKind.Rotate), (4, StepKind.UseOldToken), (7, StepKind.List), (3, StepKind.ListRecords),
        (3, StepKind.ListHistory), (2, StepKind.Find), (2, StepKind.Quota), (14, StepKind.Advance), (4, StepKind.KeepAlive),
        (4, StepKind.CleanUp), (5, StepKind.ClockBack), (2, StepKind.Reopen),
    ];

    private static readonly Gen<Step> Steps =
        from kind in Gen.Frequency(Weights.Select(it => (it.Weight, Gen.Constant(it.Kind))))
        from a in Gen.Choose(0, 99)
        from b in Gen.Choose(0, 99)
        select new Step(kind, a, b);

    /// <summary>Tries cases of up to 100 steps.</summary>
    /// <returns>How many steps were compared.</returns>
    /// <exception cref="Exception">A case failed; the message has the steps.</exception>
    public static int Run(StoreUnderTest target, int cases, int seed)
    {
        var steps = 0;
        var config = Config.QuickThrowOnFailure
            .WithMaxTest(cases)
            .WithQuietOnSuccess(true)
            .WithStartSize(20)
            .WithEndSize(100)
            .WithReplay((ulong)seed, 1);
        Prop.ForAll(
            Arb.Array(Arb.From(Steps)),
            (Action<Step[]>)(it =>
            {
                var model = new Model(target);
                model.RunAsync(it).GetAwaiter().GetResult();
                steps += model.Steps;
            })).Check(config);
        return steps;
    }
}
