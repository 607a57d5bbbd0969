namespace Hanzo.Sessions.ProofTests.CrashWorker;

public enum CrashOperation
{
    Create,
    Terminate,
    Rotate,
    TerminateAll,

    /// <summary>Uses a session from another place, which ends it.</summary>
    MoveAway,
    Forget,
}
