using System.Net;
using System.Text.Json.Serialization;

namespace Hanzo.Sessions;

/// <summary>A successful sign-in, about to become a session.</summary>
public sealed record NewSession
{
    /// <summary>The user who has signed in.</summary>
    public required SessionUser User { get; init; }

    /// <summary>The application, in the range of an organization's name; null for <see cref="HanzoSessionsOptions.DefaultApplication"/>.</summary>
    public string? Application { get; init; }

    /// <summary>The IP address of the request; null if unknown.</summary>
    public IPAddress? IpAddress { get; init; }

    /// <summary>The browser or program, as it names itself. Malformed text is repaired; long text is cut to 512 characters.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The values of the <c>amr</c> claim, separated by spaces; cut to 256 characters.</summary>
    public string? AuthenticationMethods { get; init; }

    /// <summary>Data that the host keeps with the session: at most <see cref="SessionManager.MaxPayloadBytes"/> bytes.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Whether the user chose to stay signed in. If true, the persistent timeouts of the policy apply.</summary>
    public bool IsPersistent { get; init; }

    /// <summary>Ends the session earlier than the policy does. A later instant changes nothing.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// The token that the sign-in request presented. If its session is active, the same step ends it with reason
    /// <see cref="SessionEndReason.Replaced"/>. If the sign-in is refused, the session stays.
    /// </summary>
    [JsonIgnore]
    public string? PresentedToken { get; init; }

    /// <summary>
    /// The same by its hash, for a sign-in request that could not present the token: one that a provider finishes by a POST from
    /// its own site, to which browsers add no SameSite cookie. It counts if <see cref="PresentedToken"/> is null.
    /// </summary>
    [JsonIgnore]
    public SessionTokenHash? PresentedTokenHash { get; init; }

    /// <summary>Names the user and the application, never the presented token.</summary>
    public override string ToString() => $"Sign-in of {User} to {Application ?? "the default application"}";
}
