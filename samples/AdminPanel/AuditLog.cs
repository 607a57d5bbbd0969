using System.Text.Json;
using Hanzo.Sessions;

/// <summary>
/// Writes one line of JSON per event to a file. Events come after the fact, from a queue, so a slow disk delays no
/// sign-in. If the process stops before it writes an end, the history still has it.
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

    // JSON escapes text that users chose: no name can add a line.
    private async ValueTask WriteAsync<T>(T line, CancellationToken cancellationToken) =>
        await File.AppendAllTextAsync(_file, JsonSerializer.Serialize(line, JsonSerializerOptions.Web) + Environment.NewLine, cancellationToken);
}
