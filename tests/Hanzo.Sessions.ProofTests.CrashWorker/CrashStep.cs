namespace Hanzo.Sessions.ProofTests.CrashWorker;

public enum CrashStep
{
    /// <summary>The manager was asked.</summary>
    Began,

    /// <summary>The manager has answered: from now on it must hold, whatever crashes.</summary>
    Done,

    /// <summary>The manager has answered with a failure of the store: done or not, but nothing in between.</summary>
    Failed,

    /// <summary>The manager has answered what cannot be, such as that a session which it had made is not there.</summary>
    Contradicted,
}
