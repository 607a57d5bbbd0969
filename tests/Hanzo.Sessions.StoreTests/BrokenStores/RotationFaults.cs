namespace Hanzo.Sessions.StoreTests.BrokenStores;

/// <summary>Tokens that live too long. Each store has one fault that a real store could have.</summary>
internal static class RotationFaults
{
    internal sealed class KeepsOldToken : PlainStore
    {
        private readonly Dictionary<SessionTokenHash, SessionTokenHash> _next = [];

        public override ValueTask<FoundSession> FindByTokenAsync(SessionTokenHash tokenHash, CancellationToken cancellationToken = default) =>
            base.FindByTokenAsync(_next.GetValueOrDefault(tokenHash, tokenHash), cancellationToken);

        protected override Session? Rotate(SessionRotation rotation)
        {
            var rotated = base.Rotate(rotation);
            if (rotated is not null)
            {
                _next[rotation.Current] = rotation.Next;
            }

            return rotated;
        }
    }

    internal sealed class ReplacesWhateverPayload : PlainStore
    {
        protected override bool ReplacePayload(SessionPayloadChange change) =>
            Rows.Find(row => row.TokenHash == change.TokenHash) is { } row && base.ReplacePayload(change with { Read = row.Session.Payload });
    }

    internal sealed class ReplacesThePayloadOfEndedSessions : PlainStore
    {
        protected override bool ReplacePayload(SessionPayloadChange change) =>
            base.ReplacePayload(Rows.Find(row => row.TokenHash == change.TokenHash) is { } row
                ? change with { Now = row.Session.CreatedAt }
                : change);
    }

    internal sealed class RotatesForEverybody : PlainStore
    {
        public override async Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default)
        {
            var session = (await FindByTokenAsync(rotation.Current, cancellationToken)).Session;
            await Race.PauseAsync();
            return session is not null && IsActive(session, rotation.Now.At)
                ? await base.RotateAsync(rotation, cancellationToken) ?? session
                : null;
        }
    }
}
