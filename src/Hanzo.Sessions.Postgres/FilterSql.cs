using System.Text;
using Npgsql;

namespace Hanzo.Sessions.Postgres;

/// <summary>A <see cref="SessionFilter"/> as SQL.</summary>
internal static class FilterSql
{
    /// <summary>Adds the parameters of a filter to a command; returns its conditions: <c> AND ...</c> for each.</summary>
    public static string Where(this NpgsqlBatchCommand command, SessionFilter filter)
    {
        var sql = new StringBuilder();
        Text("s.organization = @organization", "organization", filter.Scope.Organization);
        Id("s.id = @only_id", "only_id", filter.Id);
        Id("s.id <> @except", "except", filter.Except);
        Text("s.user_name = @user", "user", filter.User);
        Text("s.application = @application", "application", filter.Application);
        Text("(s.ip_address = @ip_address OR s.last_ip_address = @ip_address)", "ip_address", filter.IpAddressText);
        Text("s.user_name >= @prefix", "prefix", filter.UserPrefix);
        Text("s.user_name < @prefix_end", "prefix_end", filter.UserPrefixEnd);
        Text($"strpos(s.{Column(filter.Contains?.Column)}, @text) > 0", "text", filter.Contains?.Text);
        Instant("s.created_at < @created_before", "created_before", filter.CreatedBefore);
        Instant("s.last_active_at < @last_active_before", "last_active_before", filter.LastActiveBefore);
        return sql.ToString();

        void Text(string condition, string name, string? value)
        {
            if (value is not null)
            {
                sql.Append(" AND ").Append(condition);
                command.With(value, name);
            }
        }

        void Id(string condition, string name, SessionId? value)
        {
            if (value is not null)
            {
                sql.Append(" AND ").Append(condition);
                command.With(value, name);
            }
        }

        void Instant(string condition, string name, DateTimeOffset? value)
        {
            if (value is { } instant)
            {
                sql.Append(" AND ").Append(condition);
                command.With(instant, name);
            }
        }
    }

    private static string Column(SessionTextColumn? column) => column switch
    {
        null or SessionTextColumn.User => "user_name",
        SessionTextColumn.Organization => "organization",
        SessionTextColumn.Application => "application",
        _ => throw new InvalidOperationException($"There is no column {column}."),
    };
}
