namespace Hanzo.Sessions;

/// <summary>Literal text that a column contains: no pattern, no case folding.</summary>
/// <param name="Column">The column to search.</param>
/// <param name="Text">The text to find: 1 to 256 bytes of well-formed UTF-8 without NUL.</param>
public sealed record SessionSubstring(SessionTextColumn Column, string Text)
{
    internal bool IsIn(Session session)
    {
        var column = Column switch
        {
            SessionTextColumn.Organization => session.User.Organization,
            SessionTextColumn.User => session.User.Name,
            SessionTextColumn.Application => session.Application,
            _ => throw new InvalidOperationException($"Column is {Column}; it must be Organization, User or Application."),
        };
        return column.Contains(Text, StringComparison.Ordinal);
    }
}
