namespace Hanzo.Sessions.ProofTests.CrashWorker;

public enum CrashOperation
{
    Create,
    Terminate,
    Rotate,
    TerminateAll,
}
