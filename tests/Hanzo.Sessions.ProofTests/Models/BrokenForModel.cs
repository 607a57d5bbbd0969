using Hanzo.Sessions.StoreTests.BrokenStores;

namespace Hanzo.Sessions.ProofTests.Models;

/// <summary>Stores that break one rule each, of those that a sequence of calls shows.</summary>
internal static class BrokenForModel
{
    /// <summary>The idle timeout is a second too long.</summary>
    internal sealed class WaitsASecondLonger : PlainStore
    {
        public override Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default) =>
            base.CreateAsync(
                creation with { Session = creation.Session with { IdleTimeout = creation.Session.IdleTimeout + TimeSpan.FromSeconds(1) } },
                cancellationToken);
    }

    /// <summary>Every activity moves the end of the absolute lifetime, but nobody sees that until then.</summary>
    internal sealed class SlidesTheAbsoluteTimeout : PlainStore
    {
        private readonly Dictionary<SessionId, DateTimeOffset> _shown = [];

        public override async ValueTask<FoundSession> FindByTokenAsync(SessionTokenHash tokenHash, CancellationToken cancellationToken = default)
        {
            var found = (await base.FindByTokenAsync(tokenHash, cancellationToken)).Session;
            if (found is { End: null } && _shown.TryGetValue(found.Id, out var activity) && activity + found.IdleTimeout >= found.ExpiresAt)
            {
                return new FoundSession(found with { ExpiresAt = activity + TimeSpan.FromHours(24) });
            }

            return new FoundSession(found);
        }

        protected override bool Touch(SessionTouch touch)
        {
            var active = base.Touch(touch);
            _shown[touch.Id] = touch.At;
            return active;
        }
    }
}
