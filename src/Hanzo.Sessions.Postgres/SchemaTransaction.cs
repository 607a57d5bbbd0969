namespace Hanzo.Sessions.Postgres;

/// <summary>A transaction of a step.</summary>
/// <param name="Before">Statements that run before it, outside a transaction.</param>
/// <param name="Sql">Its statements.</param>
internal sealed record SchemaTransaction(IReadOnlyList<string> Before, string Sql);
