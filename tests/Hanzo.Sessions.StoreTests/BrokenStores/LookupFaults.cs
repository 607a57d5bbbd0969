namespace Hanzo.Sessions.StoreTests.BrokenStores;

/// <summary>Lookups that are answered wrongly. Each store has one fault that a real store could have.</summary>
internal static class LookupFaults
{
    internal sealed class SharesAnswers : PlainStore
    {
        private Task<Session?>? _shared;

        public override async ValueTask<Session?> FindByTokenAsync(SessionTokenHash tokenHash, CancellationToken cancellationToken = default)
        {
            Task<Session?> answer;
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
