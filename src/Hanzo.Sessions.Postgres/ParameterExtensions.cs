using System.Runtime.InteropServices;
using Npgsql;
using NpgsqlTypes;

namespace Hanzo.Sessions.Postgres;

/// <summary>Adds parameters by type: without a name to a text with numbers ($1), by name to a text with names (@now).</summary>
internal static class ParameterExtensions
{
    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, long? value, string? name = null) =>
        command.With(new NpgsqlParameter<long?> { ParameterName = name, NpgsqlDbType = NpgsqlDbType.Bigint, TypedValue = value });

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, bool value, string? name = null) =>
        command.With(new NpgsqlParameter<bool> { ParameterName = name, TypedValue = value });

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, string? value, string? name = null) =>
        command.With(new NpgsqlParameter<string?> { ParameterName = name, NpgsqlDbType = NpgsqlDbType.Text, TypedValue = value });

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, SessionId? value, string? name = null) =>
        command.With(new NpgsqlParameter<Guid?> { ParameterName = name, NpgsqlDbType = NpgsqlDbType.Uuid, TypedValue = value?.Value });

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, SessionTokenHash? value, string? name = null) =>
        command.With(new NpgsqlParameter<byte[]?> { ParameterName = name, NpgsqlDbType = NpgsqlDbType.Bytea, TypedValue = value?.ToArray() });

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, ReadOnlyMemory<byte>? value, string? name = null) =>
        command.With(new NpgsqlParameter<byte[]?> { ParameterName = name, NpgsqlDbType = NpgsqlDbType.Bytea, TypedValue = value is { } bytes ? Array(bytes) : null });

    /// <summary>Adds an instant, truncated to whole milliseconds like all instants of a store.</summary>
    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, DateTimeOffset? value, string? name = null) =>
        command.With(new NpgsqlParameter<DateTime?> { ParameterName = name, NpgsqlDbType = NpgsqlDbType.TimestampTz, TypedValue = value is { } instant ? Instant(instant) : null });

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, Guid[] values, string? name = null) =>
        command.With(new NpgsqlParameter<Guid[]> { ParameterName = name, TypedValue = values });

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, DateTime[] values, string? name = null) =>
        command.With(new NpgsqlParameter<DateTime[]> { ParameterName = name, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, TypedValue = values });

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, DateTime value, string? name = null) =>
        command.With(new NpgsqlParameter<DateTime> { ParameterName = name, NpgsqlDbType = NpgsqlDbType.TimestampTz, TypedValue = value });

    public static DateTime Instant(DateTimeOffset instant)
    {
        var ticks = instant.UtcTicks;
        return new DateTime(ticks - (ticks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc);
    }

    private static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, NpgsqlParameter parameter)
    {
        command.Parameters.Add(parameter);
        return command;
    }

    private static byte[] Array(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Array!.Length == bytes.Length ? segment.Array : bytes.ToArray();
}
