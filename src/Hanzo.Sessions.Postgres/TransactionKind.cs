namespace Hanzo.Sessions.Postgres;

internal enum TransactionKind
{
    /// <summary>Changes nothing.</summary>
    Read,

    /// <summary>Changes nothing, and reads the sessions of one user.</summary>
    ReadOfUser,

    /// <summary>A commit uses the synchronous_commit of the connection: losing it in a crash of the server does no harm.</summary>
    Write,

    /// <summary>A commit does not wait for the disk: a crash of the server may lose the last half second of activity.</summary>
    Activity,

    /// <summary>Once the call returns, the commit survives a crash of the server.</summary>
    Durable,

    /// <summary>As <see cref="Durable"/>, with a longer timeout for changes to millions of rows.</summary>
    DurableBulk,
}
