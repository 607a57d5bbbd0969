using Npgsql;

namespace Hanzo.Sessions.Postgres;

/// <summary>Converts rows of the table, which every query calls <c>s</c>, to the types of the core.</summary>
internal static class SessionRow
{
    /// <summary>The columns that <see cref="Read(NpgsqlDataReader, int)"/> reads.</summary>
    public const string Columns =
        """
        s.id, s.organization, s.user_name, s.application, s.ip_address, s.ip_network, s.user_agent,
        s.authentication_methods, s.created_at, s.last_active_at, s.idle_timeout_ms, s.expires_at,
        s.keep_history_until, s.ended_at, s.end_reason, s.ended_by,
        s.last_ip_address, s.last_ip_network, s.last_user_agent, s.other_ip_address, s.moved_at
        """;

    /// <summary>The columns that <see cref="ReadWithPayload"/> reads.</summary>
    public const string ColumnsWithPayload = Columns + ", s.payload";

    /// <summary>The number of <see cref="Columns"/>: further columns of a query begin at this index.</summary>
    public const int Width = 21;

    /// <summary>The columns that <see cref="ReadEnded"/> reads.</summary>
    public const string EndedColumns =
        "s.id, s.organization, s.user_name, s.application, s.ended_at, s.end_reason, s.ended_by, s.token_hash";

    /// <summary>Reads a session without its payload, whose columns begin at the given one.</summary>
    public static Session Read(NpgsqlDataReader row, int first = 0) => Read(row, first, payload: null);

    /// <summary>Reads a session with its payload.</summary>
    public static Session ReadWithPayload(NpgsqlDataReader row) =>
        Read(row, first: 0, row.IsDBNull(Width) ? null : row.GetFieldValue<byte[]>(Width));

    /// <summary>Reads a session that has just ended, whose columns begin at the given one.</summary>
    public static EndedSession ReadEnded(NpgsqlDataReader row, int first = 0) => new(
        new SessionId(row.GetGuid(first)),
        new SessionUser(row.GetString(first + 1), row.GetString(first + 2)),
        row.GetString(first + 3),
        End(row, first + 4),
        new SessionTokenHash(row.GetFieldValue<byte[]>(first + 7)));

    private static Session Read(NpgsqlDataReader row, int first, byte[]? payload) => new()
    {
        Id = new SessionId(row.GetGuid(first)),
        User = new SessionUser(row.GetString(first + 1), row.GetString(first + 2)),
        Application = row.GetString(first + 3),
        IpAddress = Text(row, first + 4),
        IpNetwork = Text(row, first + 5),
        UserAgent = Text(row, first + 6),
        LastUse = LastUse(row, first + 16),
        AuthenticationMethods = Text(row, first + 7),
        CreatedAt = Instant(row, first + 8),
        LastActiveAt = Instant(row, first + 9),
        IdleTimeout = TimeSpan.FromMilliseconds(row.GetInt64(first + 10)),
        ExpiresAt = Instant(row, first + 11),
        KeepHistoryUntil = row.IsDBNull(first + 12) ? null : Instant(row, first + 12),
        Payload = payload,
        End = row.IsDBNull(first + 13) ? null : End(row, first + 13),
    };

    private static SessionUse? LastUse(NpgsqlDataReader row, int first)
    {
        var (address, network, agent, other) = (Text(row, first), Text(row, first + 1), Text(row, first + 2), Text(row, first + 3));
        DateTimeOffset? movedAt = row.IsDBNull(first + 4) ? null : Instant(row, first + 4);
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

    private static SessionEnd End(NpgsqlDataReader row, int first) => new(
        Instant(row, first),
        (SessionEndReason)row.GetInt16(first + 1),
        Text(row, first + 2) is { } actor ? SessionActor.Parse(actor) : null);

    // The driver returns local time if the process sets the switch Npgsql.EnableLegacyTimestampBehavior.
    public static DateTimeOffset Instant(NpgsqlDataReader row, int column) =>
        new(row.GetFieldValue<DateTime>(column).ToUniversalTime());

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
