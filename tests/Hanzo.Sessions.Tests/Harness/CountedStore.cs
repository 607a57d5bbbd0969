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

    public override ValueTask<IReadOnlyList<bool>> TouchAsync(
        IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken = default)
    {
        foreach (var touch in touches)
        {
            beforeTouch?.Invoke(touch);
        }

        return base.TouchAsync(touches, cancellationToken);
    }
}
