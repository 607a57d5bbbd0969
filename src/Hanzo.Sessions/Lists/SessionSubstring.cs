namespace Hanzo.Sessions;

/// <summary>A piece of text that a column contains, literally: no pattern, no case folding.</summary>
/// <param name="Column">Where to look.</param>
/// <param name="Text">What for: 1 to 256 bytes of UTF-8, well-formed, without NUL.</param>
public sealed record SessionSubstring(SessionTextColumn Column, string Text)
{
    internal bool IsIn(Session session)
    {
        var column = Column switch
        {
            SessionTextColumn.Organization => session.User.Organization,
            SessionTextColumn.User => session.User.Name,
            SessionTextColumn.Application => session.Application,
            _ => throw new InvalidOperationException($"There is no column {Column}."),
        };
        return column.Contains(Text, StringComparison.Ordinal);
    }
}
