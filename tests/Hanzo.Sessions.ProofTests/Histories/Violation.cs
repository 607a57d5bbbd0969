namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>A promise that a history shows to be broken.</summary>
/// <param name="Promise">
/// Its number in PROOF.md; <c>C2 refused</c> for a refusal that should not have been, <c>Error</c> for what no call may throw.
/// </param>
/// <param name="Text">What has happened.</param>
/// <param name="Operations">The operations that show it.</param>
internal sealed record Violation(string Promise, string Text, params IReadOnlyList<Operation> Operations)
{
    public override string ToString() => $"{Promise}: {Text}{string.Concat(Operations.Select(it => $"\n    {it}"))}";
}
