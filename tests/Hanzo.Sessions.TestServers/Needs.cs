namespace Hanzo.Sessions.TestServers;

/// <summary>What a test needs and cannot bring along.</summary>
public static class Needs
{
    /// <summary>Skips the test with the reason, or fails it when CI=true.</summary>
    public static void Missing(string reason)
    {
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail(reason);
        }

        Assert.Ignore(reason + " tests/run.sh installs it.");
    }
}
