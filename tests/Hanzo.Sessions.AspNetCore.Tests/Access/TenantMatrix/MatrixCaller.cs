namespace Hanzo.Sessions.AspNetCore.Tests.Access.TenantMatrix;

/// <summary>Who sends the requests of the matrix, and what that caller may see by the rules alone.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Visitor">The client that sends.</param>
/// <param name="Session">The session in use; null for nobody and for a service.</param>
/// <param name="Scope">What the caller administers; null for nothing.</param>
/// <param name="Query">What is added to every query.</param>
internal sealed record MatrixCaller(string Name, Visitor Visitor, Session? Session, SessionScope? Scope, string Query = "")
{
    public bool IsService => Session is null && Scope is not null;

    public bool IsNobody => Session is null && Scope is null;

    public bool Administers(Session session) => Scope?.Contains(session.User) == true;

    public bool Uses(Session session) => Session?.Id == session.Id;

    public bool Owns(Session session) => Session?.User == session.User;
}
