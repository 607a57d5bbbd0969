using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hanzo.Sessions.Sqlite;

/// <summary>Converts rows of the table to the types of the core.</summary>
internal static class SessionRow
{
    /// <summary>The columns that <see cref="Read(SqliteDataReader)"/> reads.</summary>
    public const string Columns = """
        id, organization, user_name, application, ip_address, ip_network, user_agent, authentication_methods,
        created_at, last_active_at, idle_timeout, expires_at, keep_history_until, ended_at, end_reason, ended_by,
        last_ip_address, last_ip_network, last_user_agent, other_ip_address, moved_at
        """;

    /// <summary>The columns that <see cref="ReadWithPayload"/> reads.</summary>
    public const string ColumnsWithPayload = Columns + ", payload";

    /// <summary>The columns that <see cref="ReadEnded"/> reads.</summary>
    public const string EndedColumns =
        "id, organization, user_name, application, ended_at, end_reason, ended_by, token_hash";

    public static Session Read(SqliteDataReader row) => Read(row, payload: null);

    private static Session Read(SqliteDataReader row, byte[]? payload) => new()
    {
        Id = SessionId.Parse(row.GetString(0)),
        User = new SessionUser(row.GetString(1), row.GetString(2)),
        Application = row.GetString(3),
        IpAddress = Text(row, 4),
        IpNetwork = Text(row, 5),
        UserAgent = Text(row, 6),
        LastUse = LastUse(row, 16),
        AuthenticationMethods = Text(row, 7),
        CreatedAt = Instant(row, 8),
        LastActiveAt = Instant(row, 9),
        IdleTimeout = TimeSpan.FromMilliseconds(row.GetInt64(10)),
        ExpiresAt = Instant(row, 11),
        KeepHistoryUntil = IsNull(row, 12) ? null : Instant(row, 12),
        Payload = payload,
        End = IsNull(row, 13) ? null : End(row, 13),
    };

    public static Session ReadWithPayload(SqliteDataReader row) => Read(row, IsNull(row, 21) ? null : row.GetFieldValue<byte[]>(21));

    public static EndedSession ReadEnded(SqliteDataReader row) => new(
        SessionId.Parse(row.GetString(0)),
        new SessionUser(row.GetString(1), row.GetString(2)),
        row.GetString(3),
        End(row, 4),
        new SessionTokenHash(row.GetFieldValue<byte[]>(7)));

    /// <summary>A payload as the table has it: null for an empty one.</summary>
    public static byte[]? Blob(ReadOnlyMemory<byte> payload) => payload.IsEmpty ? null : payload.ToArray();

    public static long Milliseconds(DateTimeOffset instant) => instant.ToUnixTimeMilliseconds();

    private static SessionUse? LastUse(SqliteDataReader row, int column)
    {
        var (address, network, agent, other) = (Text(row, column), Text(row, column + 1), Text(row, column + 2), Text(row, column + 3));
        DateTimeOffset? movedAt = IsNull(row, column + 4) ? null : Instant(row, column + 4);
        return address is null && network is null && agent is null && other is null && movedAt is null
            ? null
            : new SessionUse
            {
                IpAddress = address,
                IpNetwork = network,
                UserAgent = agent,
                OtherFamilyIpAddress = other,
                MovedAt = movedAt,
            };
    }

    private static SessionEnd End(SqliteDataReader row, int column) => new(
        Instant(row, column),
        (SessionEndReason)row.GetInt32(column + 1),
        Text(row, column + 2) is { } actor ? SessionActor.Parse(actor) : null);

    private static DateTimeOffset Instant(SqliteDataReader row, int column) =>
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    // SQLite itself is asked: through the driver, the null columns of a lookup would cost as much as a twentieth of it.
    private static string? Text(SqliteDataReader row, int column) => raw.sqlite3_column_text(row.Handle!, column).utf8_to_string();

    private static bool IsNull(SqliteDataReader row, int column) => raw.sqlite3_column_type(row.Handle!, column) == raw.SQLITE_NULL;
}
