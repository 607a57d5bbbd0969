namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>The operation that is running, wherever its call has got to.</summary>
internal static class Recording
{
    private static readonly AsyncLocal<Operation?> Running = new();

    public static Operation? Current
    {
        get => Running.Value;
        set => Running.Value = value;
    }
}
