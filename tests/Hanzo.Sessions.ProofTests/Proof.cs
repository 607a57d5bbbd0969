using System.Globalization;
using System.Security.Cryptography;

namespace Hanzo.Sessions.ProofTests;

/// <summary>What all suites of this project share: which seed, and how long.</summary>
internal static class Proof
{
    /// <summary>Names the seed that replays a run; without it every run has another one.</summary>
    public const string SeedVariable = "HANZO_SESSIONS_SEED";

    private const string SoakVariable = "HANZO_SESSIONS_SOAK";

    /// <summary>Where the random choices of this run begin.</summary>
    public static int Seed { get; } = ReadSeed();

    /// <summary>Whether this is the long run.</summary>
    public static bool IsSoak { get; } = Read(SoakVariable) is "1";

    /// <summary>For the message of every failure that a seed decides.</summary>
    public static string Replay { get; } = string.Create(CultureInfo.InvariantCulture, $"Replay it with {SeedVariable}={Seed}.");

    /// <summary>One number in the short run, a larger one in the long one.</summary>
    /// <param name="shortRun">The number in CI.</param>
    /// <param name="soak">The number in the long run.</param>
    public static int Scale(int shortRun, int soak) => IsSoak ? soak : shortRun;

    private static int ReadSeed() => Read(SeedVariable) is not { } text
        ? RandomNumberGenerator.GetInt32(int.MaxValue)
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw new InvalidOperationException($"{SeedVariable} is '{text}'; it must be a whole number from 0 to {int.MaxValue}.");

    private static string? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
