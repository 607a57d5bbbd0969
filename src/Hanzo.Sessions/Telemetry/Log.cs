using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions;

/// <summary>The log messages of the core. Event ids never change. No message contains a token or its hash.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Session {SessionId} of {User} in {Application} was created.")]
    public static partial void Created(ILogger logger, SessionId sessionId, Printable user, Printable application);

    [LoggerMessage(2, LogLevel.Warning, "A sign-in of {User} was refused: {Active} sessions are active, the limit is {Limit}.")]
    public static partial void Refused(ILogger logger, Printable user, int active, int limit);

    [LoggerMessage(3, LogLevel.Information, "Session {SessionId} of {User} ended: {Reason}, by {Actor}.")]
    public static partial void Ended(ILogger logger, SessionId sessionId, Printable user, SessionEndReason reason, Printable actor);

    [LoggerMessage(4, LogLevel.Warning, "The active sessions of {User} come from {Networks} distinct addresses.")]
    public static partial void IpSpread(ILogger logger, Printable user, int networks);

    [LoggerMessage(5, LogLevel.Debug, "A token was not accepted: {Status}.")]
    public static partial void NotActive(ILogger logger, SessionStatus status);

    [LoggerMessage(6, LogLevel.Information, "Session {SessionId} of {User} got a new token.")]
    public static partial void Rotated(ILogger logger, SessionId sessionId, Printable user);

    [LoggerMessage(7, LogLevel.Debug, "Clean-up ended {Ended} sessions and purged {Purged}.")]
    public static partial void CleanedUp(ILogger logger, int ended, int purged);

    [LoggerMessage(8, LogLevel.Error, "Clean-up failed; the next run will try again.")]
    public static partial void CleanupFailed(ILogger logger, Exception fault);

    [LoggerMessage(10, LogLevel.Error, "Observer {Observer} failed; sessions and other observers are not affected.")]
    public static partial void ObserverFailed(ILogger logger, Type observer, Exception fault);

    [LoggerMessage(11, LogLevel.Warning, "The queue of observer {Observer} is full; events are dropped until it has room again.")]
    public static partial void ObserverQueueFull(ILogger logger, Type observer);

    [LoggerMessage(12, LogLevel.Warning, "The host is stopping and has waited long enough for observer {Observer}; {Left} events are dropped.")]
    public static partial void ObserverStopped(ILogger logger, Type observer, int left);

    [LoggerMessage(13, LogLevel.Error, "The clock of this server shows {ServerTime:O}, and that of the session store {StoreTime:O}. Nothing ends by time and no user can sign in here until one of them is corrected.")]
    public static partial void ClocksDiffer(ILogger logger, DateTime serverTime, DateTime storeTime);

    [LoggerMessage(14, LogLevel.Warning, "The clock of this server shows {ServerTime:O}, but the session store has an instant of {NewestInstant:O}: the clock was set back, and sessions last longer by as much.")]
    public static partial void ClockBehind(ILogger logger, DateTime serverTime, DateTime newestInstant);

    [LoggerMessage(15, LogLevel.Information, "Session {SessionId} of {User} is used from another place ({Kinds}): from {IpAddress} by {UserAgent}; before, from {LastIpAddress} by {LastUserAgent}.")]
    public static partial void Moved(
        ILogger logger,
        SessionId sessionId,
        Printable user,
        SessionMoveKinds kinds,
        string ipAddress,
        Printable userAgent,
        string lastIpAddress,
        Printable lastUserAgent);

    [LoggerMessage(16, LogLevel.Warning, "Session {SessionId} of {User} is used from more than {Places} places; this server tells no more of them for a while.")]
    public static partial void ManyMoves(ILogger logger, SessionId sessionId, Printable user, int places);

    [LoggerMessage(17, LogLevel.Information, "A user was forgotten, by {Actor}: {Ended} sessions ended, and the history was removed.")]
    public static partial void Forgotten(ILogger logger, Printable actor, int ended);

    [LoggerMessage(21, LogLevel.Information, "{Tool} has loaded this app and serves no requests: the session store is not opened.")]
    public static partial void LoadedByTool(ILogger logger, string tool);

    [LoggerMessage(22, LogLevel.Information, "Sessions end after {Idle} without activity, and after {Absolute} at the latest (a persistent sign-in: {PersistentIdle}, {PersistentAbsolute}). A user may have {MaxSessions} sessions (per {Scope}; at the limit: {AtLimit}). Ended sessions are kept for {History}, in {Store}.")]
    public static partial void PolicyInForce(
        ILogger logger,
        TimeSpan idle,
        TimeSpan absolute,
        TimeSpan persistentIdle,
        TimeSpan persistentAbsolute,
        string maxSessions,
        SessionLimitScope scope,
        SessionLimitAction atLimit,
        TimeSpan history,
        string store);

    [LoggerMessage(23, LogLevel.Warning, "The configuration section of the sessions has keys that are no setting, and have no effect: {Keys}.")]
    public static partial void UnknownSettings(ILogger logger, string keys);

    [LoggerMessage(30, LogLevel.Error, "Counting the alarms of {Scope} failed; the next request for them tries again.")]
    public static partial void AlarmCountFailed(ILogger logger, Printable scope, Exception fault);
}
