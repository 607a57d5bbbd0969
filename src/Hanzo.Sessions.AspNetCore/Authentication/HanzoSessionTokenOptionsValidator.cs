using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.AspNetCore;

internal sealed class HanzoSessionTokenOptionsValidator : IValidateOptions<HanzoSessionTokenOptions>
{
    /// <summary>The scheme of each cookie name.</summary>
    private readonly ConcurrentDictionary<string, string> _cookies = new(StringComparer.Ordinal);

    public ValidateOptionsResult Validate(string? name, HanzoSessionTokenOptions options)
    {
        List<string> faults = [];
        var cookie = options.CookieName;
        if (!cookie.StartsWith(HanzoSessionTokenDefaults.CookiePrefix, StringComparison.Ordinal)
            || cookie.Length is < 8 or > 64
            || !cookie.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
        {
            faults.Add(
                $"CookieName is '{cookie}'; it must begin with '__Host-', followed by 1 to 57 ASCII letters, digits, '-' and '_'. "
                + "Another host could set a cookie without this prefix, and browsers would send it without HTTPS.");
        }

        var owner = _cookies.GetOrAdd(cookie, name ?? string.Empty);
        if (!string.Equals(owner, name, StringComparison.Ordinal))
        {
            faults.Add($"CookieName is '{cookie}' for the schemes '{owner}' and '{name}'; each scheme must have its own cookie.");
        }

        if (options.CookieSameSite is not (SameSiteMode.Lax or SameSiteMode.Strict))
        {
            faults.Add($"CookieSameSite is {options.CookieSameSite}; it must be Lax or Strict.");
        }

        if (!options.LoginPath.HasValue)
        {
            faults.Add("LoginPath is not set; it must be the path of the sign-in page.");
        }

        if (string.IsNullOrEmpty(options.ReturnUrlParameter))
        {
            faults.Add("ReturnUrlParameter is empty; it must be the name of a query parameter.");
        }

        if ((options.ClearSiteData & ~ClearSiteDataHeader.Everything) != ClearSiteData.None)
        {
            faults.Add($"ClearSiteData is {options.ClearSiteData}; it must be None, Cache, Storage, or both of these.");
        }

        if (options.SecurityStampInterval < TimeSpan.Zero || options.SecurityStampInterval > TimeSpan.FromDays(1))
        {
            var days = options.SecurityStampInterval > TimeSpan.Zero
                ? " In configuration, a number alone and more than 23 hours are days: write 00:30:00 for 30 minutes."
                : string.Empty;
            faults.Add($"SecurityStampInterval is {options.SecurityStampInterval}; it must be from 00:00:00 to 1.00:00:00.{days}");
        }

        return faults.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(faults.Select(fault => $"HanzoSessionToken: {fault}"));
    }
}
