using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions;

/// <summary>A section of configuration that sets <see cref="HanzoSessionsOptions"/>.</summary>
internal sealed class BoundSection(IConfiguration section)
{
    private static readonly PropertyInfo[] Settings = typeof(HanzoSessionsOptions).GetProperties();

    /// <summary>Refuses time spans that would be read as something else than they seem to say, all of them at once.</summary>
    /// <exception cref="OptionsValidationException">There is one.</exception>
    public void Check()
    {
        var faults = Settings
            .Where(setting => (Nullable.GetUnderlyingType(setting.PropertyType) ?? setting.PropertyType) == typeof(TimeSpan))
            .Select(setting => section[setting.Name] is { Length: > 0 } text ? TimeSpanText.Fault(setting.Name, text) : null)
            .OfType<string>()
            .Select(fault => $"HanzoSessions: {fault}")
            .ToList();
        if (faults.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(HanzoSessionsOptions), faults);
        }
    }

    /// <summary>The keys of the section that are not the name of a setting.</summary>
    public IEnumerable<string> UnknownKeys() => section.GetChildren()
        .Select(child => child.Key)
        .Where(key => !Settings.Any(setting => string.Equals(setting.Name, key, StringComparison.OrdinalIgnoreCase)));
}
