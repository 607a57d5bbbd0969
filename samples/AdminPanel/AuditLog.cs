using System.Text.Json;
using Hanzo.Sessions;

/// <summary>
/// Writes a line of JSON per event to a file. It is told after the fact and from a queue of its own, so a slow disk
/// delays no sign-in. An end that a dying process could not write is in the history all the same.
/// </summary>
internal sealed class AuditLog(IConfiguration configuration, TimeProvider clock) : ISessionObserver
{
    private readonly string _file = configuration["AuditLog"] ?? "audit.log";

    public ValueTask OnCreatedAsync(Session session, CancellationToken cancellationToken) => WriteAsync(
        new { at = session.CreatedAt, what = "created", id = session.Id, user = $"{session.User}", session.Application, session.IpAddress, session.UserAgent },
        cancellationToken);

    public ValueTask OnRefusedAsync(SessionLimitExceededException refusal, CancellationToken cancellationToken) => WriteAsync(
        new { at = clock.GetUtcNow(), what = "refused", user = $"{refusal.User}", limit = refusal.Limit.MaxSessions, active = refusal.ActiveSessions.Count },
        cancellationToken);

    public ValueTask OnEndedAsync(EndedSession session, CancellationToken cancellationToken) => WriteAsync(
        new { at = session.End.At, what = "ended", id = session.Id, user = $"{session.User}", session.Application, reason = $"{session.End.Reason}", by = session.End.By?.ToString() },
        cancellationToken);

    public ValueTask OnIpSpreadAsync(Session session, int networks, CancellationToken cancellationToken) => WriteAsync(
        new { at = session.CreatedAt, what = "ipSpread", id = session.Id, user = $"{session.User}", networks },
        cancellationToken);

    // JSON escapes what users chose: no name makes a line of its own.
    private async ValueTask WriteAsync<T>(T line, CancellationToken cancellationToken) =>
        await File.AppendAllTextAsync(_file, JsonSerializer.Serialize(line, JsonSerializerOptions.Web) + Environment.NewLine, cancellationToken);
}
