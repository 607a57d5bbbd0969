namespace Hanzo.Sessions.ProofTests.Clocks;

/// <summary>A bug to be found: time is judged by the latest instant that was ever seen, so one jump forward ends everything after it.</summary>
internal sealed class EagerStore(ISessionStore inner) : DelegatingSessionStore(inner)
{
    private DateTimeOffset _latest;

    public override Task<IReadOnlyList<EndedSession>> ExpireBatchAsync(
        StoreInstant now, int maximum, CancellationToken cancellationToken = default)
    {
        _latest = now.At > _latest ? now.At : _latest;
        return Inner.ExpireBatchAsync(_latest, maximum, cancellationToken);
    }
}
