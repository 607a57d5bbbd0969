namespace Hanzo.Sessions.Tests;

/// <summary>Another store, with a call before each touch, and a count of every verb.</summary>
internal sealed class CountedStore(ISessionStore inner, Action<SessionTouch>? beforeTouch = null) : DelegatingSessionStore(inner)
{
    private int _calls;

    public int Calls => _calls;

    protected override ISessionStore Inner
    {
        get
        {
            Interlocked.Increment(ref _calls);
            return base.Inner;
        }
    }

    public override ValueTask<SessionTouchResult> TouchAsync(SessionTouch touch, CancellationToken cancellationToken = default)
    {
        beforeTouch?.Invoke(touch);
        return base.TouchAsync(touch, cancellationToken);
    }
}
