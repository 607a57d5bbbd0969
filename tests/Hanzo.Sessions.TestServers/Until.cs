using System.Diagnostics;

namespace Hanzo.Sessions.TestServers;

/// <summary>Waits for what another process does and tells nobody.</summary>
public static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks again and again until it is so, without a pause: asking takes long enough.</summary>
    /// <param name="condition">Whether it is so.</param>
    /// <param name="what">What is waited for, for the message of a test that has waited in vain.</param>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                Assert.Fail($"Not within {Patience.TotalSeconds:0} seconds: {what}.");
            }
        }
    }
}
