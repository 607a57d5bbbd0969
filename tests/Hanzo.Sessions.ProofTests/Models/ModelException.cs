namespace Hanzo.Sessions.ProofTests.Models;

/// <summary>An answer is not what the model says.</summary>
internal sealed class ModelException(string message) : Exception(message);
