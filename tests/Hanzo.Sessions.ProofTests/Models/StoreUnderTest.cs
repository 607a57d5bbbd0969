namespace Hanzo.Sessions.ProofTests.Models;

/// <summary>A store that one case after the other is tried on.</summary>
internal abstract class StoreUnderTest
{
    /// <summary>The store, without any session.</summary>
    public abstract ISessionStore OpenEmpty();

    /// <summary>The same sessions, seen through a new store; the same store where there is no such thing.</summary>
    public virtual ISessionStore Reopen(ISessionStore store) => store;

    /// <summary>One that can be thrown away.</summary>
    internal sealed class Fresh(Func<ISessionStore> open) : StoreUnderTest
    {
        public override ISessionStore OpenEmpty() => open();
    }

    /// <summary>One that lasts, and is emptied.</summary>
    internal sealed class Lasting(Func<ISessionStore> open) : StoreUnderTest, IDisposable
    {
        private static readonly DateTimeOffset Never = new(2999, 1, 1, 0, 0, 0, TimeSpan.Zero);

        private ISessionStore? _store;

        public override ISessionStore OpenEmpty()
        {
            if (_store is null)
            {
                _store = open();
                _store.PrepareAsync().GetAwaiter().GetResult();
            }

            while (_store.ExpireBatchAsync(Never, 10_000).GetAwaiter().GetResult().Count > 0)
            {
            }

            while (_store.PurgeAsync(Never, Never, 10_000).GetAwaiter().GetResult() > 0)
            {
            }

            return _store;
        }

        public override ISessionStore Reopen(ISessionStore store)
        {
            Dispose();
            return _store = open();
        }

        public void Dispose()
        {
            switch (_store)
            {
                case IDisposable disposable:
                    disposable.Dispose();
                    break;

                case IAsyncDisposable disposable:
                    disposable.DisposeAsync().AsTask().GetAwaiter().GetResult();
                    break;
            }
        }
    }
}
