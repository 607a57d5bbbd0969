namespace Hanzo.Sessions.Postgres;

internal enum TransactionKind
{
    /// <summary>Changes nothing.</summary>
    Read,

    /// <summary>Changes nothing, and reads the sessions of one user.</summary>
    ReadOfUser,

    /// <summary>A commit is as durable as the connection has it: losing it in a crash of the server does no harm.</summary>
    Write,

    /// <summary>A commit is not waited for on the disk: the last half second of activity may be lost in a crash of the server.</summary>
    Activity,

    /// <summary>A commit that was answered survives a crash of the server.</summary>
    Durable,

    /// <summary>The same for what may change millions of rows, and then takes long.</summary>
    DurableBulk,
}
