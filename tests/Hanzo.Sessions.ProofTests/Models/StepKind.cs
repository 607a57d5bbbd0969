namespace Hanzo.Sessions.ProofTests.Models;

/// <summary>What one step of a case does.</summary>
internal enum StepKind
{
    Create,
    CreateTwiceAtOnce,
    CreateOver,
    Validate,
    ValidatePassively,
    RecordActivity,
    Terminate,
    TerminateAll,
    TerminateAllProtected,
    TerminateOthers,
    TerminateRecord,
    Rotate,
    UseOldToken,
    List,
    ListRecords,
    ListHistory,
    Find,
    Quota,
    Advance,
    KeepAlive,
    CleanUp,
    ClockBack,
    Reopen,
}
