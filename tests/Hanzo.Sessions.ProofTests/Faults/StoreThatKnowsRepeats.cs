namespace Hanzo.Sessions.ProofTests.Faults;

/// <summary>
/// What a store must do whose driver repeats calls: a sign-in that is sent twice is one, also when its user was forgotten in
/// between. (PostgreSQL keeps the ids of fresh sessions for that.)
/// </summary>
internal sealed class StoreThatKnowsRepeats(ISessionStore inner) : DelegatingSessionStore(inner)
{
    private readonly Dictionary<SessionCreation, SessionCreationResult> _created = new(ReferenceEqualityComparer.Instance);

    public override async Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default)
    {
        if (_created.TryGetValue(creation, out var first) && (await FindAsync(creation.Session.Id, cancellationToken)).Session is null)
        {
            return first;
        }

        var result = await base.CreateAsync(creation, cancellationToken);
        if (result.Outcome == SessionCreationOutcome.Created)
        {
            _created.TryAdd(creation, result);
        }

        return result;
    }
}
