using System.Text;

namespace Hanzo.Sessions.Sqlite;

/// <summary>A filter as SQL: conditions that each begin with <c>AND</c>, and their parameters.</summary>
internal sealed class FilterSql
{
    private readonly StringBuilder _sql = new();
    private readonly List<(string Name, object? Value)> _parameters = [];

    public FilterSql(SessionFilter filter)
    {
        And("organization = @organization", "@organization", filter.Scope.Organization);
        And("id = @id", "@id", filter.Id?.ToString());
        And("user_name = @user", "@user", filter.User);
        And("application = @application", "@application", filter.Application);
        And("(ip_address = @ipAddress OR last_ip_address = @ipAddress)", "@ipAddress", filter.IpAddressText);
        And("user_name >= @prefix", "@prefix", filter.UserPrefix);
        And("user_name < @prefixEnd", "@prefixEnd", filter.UserPrefixEnd);
        if (filter.Contains is { } contains)
        {
            And($"instr({Column(contains.Column)}, @contains) > 0", "@contains", contains.Text);
        }

        And("created_at < @createdBefore", "@createdBefore", filter.CreatedBefore is { } created ? SessionRow.Milliseconds(created) : null);
        And("last_active_at < @lastActiveBefore", "@lastActiveBefore", filter.LastActiveBefore is { } active ? SessionRow.Milliseconds(active) : null);
        And("id <> @except", "@except", filter.Except?.ToString());
    }

    /// <summary>Returns all parameters of a statement: the filter's and others.</summary>
    public (string Name, object? Value)[] With(params ReadOnlySpan<(string Name, object? Value)> others) =>
        [.. _parameters, .. others];

    public override string ToString() => _sql.ToString();

    private void And(string condition, string parameter, object? value)
    {
        if (value is not null)
        {
            _sql.Append(" AND ").Append(condition);
            _parameters.Add((parameter, value));
        }
    }

    private static string Column(SessionTextColumn column) => column switch
    {
        SessionTextColumn.Organization => "organization",
        SessionTextColumn.User => "user_name",
        SessionTextColumn.Application => "application",
        _ => throw new ArgumentOutOfRangeException(nameof(column), column, "There is no such column."),
    };
}
