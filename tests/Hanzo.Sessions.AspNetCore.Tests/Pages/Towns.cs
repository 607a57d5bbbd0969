using System.Globalization;
using System.Net;

namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>Where the addresses of the page tests are. It knows nothing of any other one.</summary>
internal sealed class Towns : ISessionLocator
{
    public const string Hostile = "<img src=x onerror=alert(1)>\u202E";

    public string? Locate(IPAddress address, CultureInfo culture) => address.ToString() switch
    {
        var text when text.StartsWith("192.0.2.", StringComparison.Ordinal) => "Madrid, Spain",
        "198.51.100.66" => Hostile,
        var text when text.StartsWith("198.51.100.", StringComparison.Ordinal) => "Portland, Oregon",
        var text when text.StartsWith("203.0.113.", StringComparison.Ordinal) => "Portland, Maine",
        var text when text.StartsWith("2001:db8:", StringComparison.Ordinal) => "Lyon, France",
        _ => null,
    };
}
