namespace Hanzo.Sessions;

/// <summary>The key by which a <see cref="NodeTable{TKey, TNodeKey}"/> finds nodes, and the link that it uses in them.</summary>
internal interface INodeKey<TKey>
{
    static abstract TKey Of(SessionNode node);

    static abstract ref SessionNode? Next(SessionNode node);
}

internal readonly struct ByToken : INodeKey<SessionTokenHash>
{
    public static SessionTokenHash Of(SessionNode node) => node.TokenHash;

    public static ref SessionNode? Next(SessionNode node) => ref node.NextByToken;
}

internal readonly struct ById : INodeKey<SessionId>
{
    public static SessionId Of(SessionNode node) => node.Session.Id;

    public static ref SessionNode? Next(SessionNode node) => ref node.NextById;
}
