namespace Hanzo.Sessions.AspNetCore.Tests.Pages;

/// <summary>What a test needs and cannot bring along.</summary>
internal static class Needs
{
    public static void Missing(string reason)
    {
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail(reason);
        }

        Assert.Ignore(reason + " tests/run.sh installs it.");
    }
}
