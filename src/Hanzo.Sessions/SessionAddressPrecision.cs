namespace Hanzo.Sessions;

/// <summary>How much of a client's IP address the library keeps and shows.</summary>
public enum SessionAddressPrecision
{
    /// <summary>The whole address.</summary>
    Address,

    /// <summary>Its network only, such as <c>203.0.113.0/24</c> or <c>2001:db8:1::/48</c>, in the store, in log lines and in events.</summary>
    Network,
}
