namespace Hanzo.Sessions.StoreTests.BrokenStores;

/// <summary>Lookups that are answered wrongly. Each store has one fault that a real store could have.</summary>
internal static class LookupFaults
{
    internal sealed class SharesAnswers : PlainStore
    {
        private Task<FoundSession>? _shared;

        public override async ValueTask<FoundSession> FindByTokenAsync(SessionTokenHash tokenHash, CancellationToken cancellationToken = default)
        {
            Task<FoundSession> answer;
            lock (Lock)
            {
                answer = _shared ??= base.FindByTokenAsync(tokenHash, cancellationToken).AsTask();
            }

            await Race.PauseAsync();
            _shared = null;
            return await answer;
        }
    }
}
