namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>A failure that a test has ordered: the call may have happened, or not.</summary>
internal sealed class StoreFaultException : Exception;
