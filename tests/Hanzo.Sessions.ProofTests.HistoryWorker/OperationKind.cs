namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>What a client of a history has asked for.</summary>
internal enum OperationKind
{
    Create,
    Adopt,
    Validate,
    ValidatePassively,
    Rotate,
    Renew,
    Terminate,
    TerminateAll,
    TerminateOthers,
    Forget,
    List,
    ListRecords,
    ListHistory,
    CleanUp,
    MoveTime,

    /// <summary>Nothing: it says which alarms a manager has announced.</summary>
    Alarms,
}
