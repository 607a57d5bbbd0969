using System.Data.Common;

namespace Hanzo.Sessions.ProofTests.Crashes;

/// <summary>A bug to be found: what has failed is tried again as if it had not been done.</summary>
/// <param name="inner">A store that does not try again.</param>
/// <param name="withFreshSession">Whether a sign-in is tried again with another id and another token hash.</param>
internal sealed class NaiveStore(ISessionStore inner, bool withFreshSession) : DelegatingSessionStore(inner)
{
    public override Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default) => AgainAsync(
        () => Inner.CreateAsync(creation, cancellationToken),
        () => Inner.CreateAsync(
            withFreshSession
                ? creation with
                {
                    Session = creation.Session with { Id = SessionId.New(creation.Session.CreatedAt) },
                    TokenHash = TestSessions.NewTokenHash(),
                }
                : creation,
            cancellationToken));

    public override Task<SessionTerminationResult> TerminateAsync(
        SessionTermination termination, CancellationToken cancellationToken = default) => AgainAsync(
        () => Inner.TerminateAsync(termination, cancellationToken), () => Inner.TerminateAsync(termination, cancellationToken));

    public override Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default) => AgainAsync(
        () => Inner.RotateAsync(rotation, cancellationToken), () => Inner.RotateAsync(rotation, cancellationToken));

    public override Task<bool> ReplacePayloadAsync(SessionPayloadChange change, CancellationToken cancellationToken = default) => AgainAsync(
        () => Inner.ReplacePayloadAsync(change, cancellationToken), () => Inner.ReplacePayloadAsync(change, cancellationToken));

    private static async Task<T> AgainAsync<T>(Func<Task<T>> first, Func<Task<T>> second)
    {
        try
        {
            return await first();
        }
        catch (DbException)
        {
            return await second();
        }
    }
}
