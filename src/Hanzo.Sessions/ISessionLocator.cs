using System.Globalization;
using System.Net;

namespace Hanzo.Sessions;

/// <summary>
/// Says where an address is, for the lists and pages of sessions. It is asked when they are read, and its answer is stored
/// nowhere. Register it with <see cref="HanzoSessionsBuilder.AddLocator{TLocator}"/>.
/// </summary>
/// <remarks>
/// Several threads call it at the same time, up to twice for each session of a list: answer from memory. An exception fails
/// the request, so return null for what is unknown.
/// </remarks>
public interface ISessionLocator
{
    /// <summary>Returns the place of an address as text for people, such as <c>Madrid, Spain</c>; null if it is unknown.</summary>
    /// <param name="address">
    /// The address, IPv4 or IPv6: never IPv4 mapped to IPv6, and without a scope id. If addresses are kept as their network
    /// only, the first address of the network.
    /// </param>
    /// <param name="culture">The language of the reader. If there is no text in it, answer in English.</param>
    string? Locate(IPAddress address, CultureInfo culture);
}
