namespace Hanzo.Sessions;

/// <summary>In what the place of a request differs from where its session was used last.</summary>
[Flags]
public enum SessionMoveKinds
{
    /// <summary>In nothing that counts: the session has not moved.</summary>
    None = 0,

    /// <summary>It comes from another network of the same address family.</summary>
    Network = 1,

    /// <summary>It is the first request of an address family (IPv4 or IPv6) that the session has not used.</summary>
    Family = 2,

    /// <summary>It comes from another kind of browser, program or device. Another version is none.</summary>
    Agent = 4,
}
