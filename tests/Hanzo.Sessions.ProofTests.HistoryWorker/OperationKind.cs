namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>What a client of a history has asked for.</summary>
internal enum OperationKind
{
    Create,
    Validate,
    ValidatePassively,
    Rotate,
    Terminate,
    TerminateAll,
    TerminateOthers,
    List,
    ListRecords,
    CleanUp,
    MoveTime,
}
