namespace Hanzo.Sessions;

/// <summary>Tells an observer of one event.</summary>
internal delegate ValueTask Telling(ISessionObserver observer, CancellationToken cancellationToken);
