using System.Threading.Channels;

namespace Hanzo.Sessions.Tests;

/// <summary>Says when it is told of an end, and does not come back before it is let go. It may be stopped again.</summary>
internal sealed class GatedObserver(bool heedsCancellation = false) : ISessionObserver
{
    private readonly Channel<SessionId> _told = Channel.CreateUnbounded<SessionId>();
    private volatile TaskCompletionSource _gate = ShutGate();

    /// <summary>Waits until it is told of the next end.</summary>
    public ValueTask<SessionId> NextAsync() => _told.Reader.ReadAsync();

    public void LetGo() => _gate.TrySetResult();

    public void StopAgain() => _gate = ShutGate();

    public async ValueTask OnEndedAsync(EndedSession session, CancellationToken cancellationToken)
    {
        _told.Writer.TryWrite(session.Id);
        await _gate.Task.WaitAsync(heedsCancellation ? cancellationToken : CancellationToken.None);
    }

    private static TaskCompletionSource ShutGate() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
