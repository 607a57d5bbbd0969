namespace Hanzo.Sessions.ProofTests.Models;

/// <summary>One step of a case. The numbers choose among what there is: a user, a session, a time span.</summary>
internal sealed record Step(StepKind Kind, int A, int B);
