namespace Hanzo.Sessions.ProofTests.Histories;

/// <summary>
/// Lets the other clients come in before every call and between its effect and its answer, as a network does. Now and
/// then they get a long time.
/// </summary>
internal class PausingStore(ISessionStore inner, Random random) : InterceptedStore(inner)
{
    protected override async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        await PauseAsync();
        var answer = await call();
        await PauseAsync();
        return answer;
    }

    /// <summary>One turn of the others; in one case of ten many.</summary>
    protected async Task PauseAsync()
    {
        for (var turns = random.Next(10) == 0 ? random.Next(3, 50) : 1; turns > 0; turns--)
        {
            await Interleaving.PauseAsync();
        }
    }
}
