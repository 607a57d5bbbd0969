using System.Net;
using System.Text.Json.Serialization;

namespace Hanzo.Sessions;

/// <summary>A successful sign-in, about to become a session.</summary>
public sealed record NewSession
{
    /// <summary>Who has signed in.</summary>
    public required SessionUser User { get; init; }

    /// <summary>What the user signed in to, within the bounds of <see cref="SessionUser.Organization"/>; null for <see cref="HanzoSessionsOptions.DefaultApplication"/>.</summary>
    public string? Application { get; init; }

    /// <summary>Where the request came from; null when unknown.</summary>
    public IPAddress? IpAddress { get; init; }

    /// <summary>The browser or program, as it names itself. Broken text is repaired, and cut to 512 characters.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The values of the <c>amr</c> claim, separated by a blank; cut to 256 characters.</summary>
    public string? AuthenticationMethods { get; init; }

    /// <summary>What the host wants to find again with the session: at most <see cref="SessionManager.MaxPayloadBytes"/> bytes.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Whether the user asked to stay signed in: the persistent timeouts of the policy apply.</summary>
    public bool IsPersistent { get; init; }

    /// <summary>An end that is earlier than the policy's. A later one changes nothing.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// The token that the sign-in's own request presented. Its session, if it is active, ends with reason
    /// <see cref="SessionEndReason.Replaced"/> in the same step, and stays if the sign-in is refused.
    /// </summary>
    [JsonIgnore]
    public string? PresentedToken { get; init; }

    /// <summary>The user and the application, never the presented token.</summary>
    public override string ToString() => $"Sign-in of {User} to {Application ?? "the default application"}";
}
