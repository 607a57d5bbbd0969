using System.Runtime.CompilerServices;

namespace Hanzo.Sessions.Tests;

public sealed class NullArgumentTests
{
    private static readonly Harness It = new();

    private static IEnumerable<TestCaseData> Calls()
    {
        yield return Call("newSession", () => It.Manager.CreateAsync(null!));
        yield return Call("current", () => It.Manager.SignOutAsync(null!));
        yield return Call("session", () => It.Manager.RecordUseAsync(null!, default).AsTask());
        yield return Call("scope", () => It.Manager.FindAsync(null!, SessionId.New(TestSessions.Start)).AsTask());
        yield return Call("scope", () => It.Manager.ListIpSpreadAsync(null!));
        yield return Call("query", () => It.Manager.ListAsync(null!));
        yield return Call("filter", () => It.Manager.TerminateMatchingAsync(null!, Service));
        yield return Call("caller", () => It.Manager.TerminateAllAsync(Ada, null!));
        yield return Call("by", () => It.Manager.TerminateUserAsync(Ada, SessionEndReason.UserDisabled, null!));
        yield return Call("user", () => It.Manager.ForgetAsync(null!, SessionActor.Of(Ada)));
        yield return Call("by", () => It.Manager.ForgetAsync(Ada, null!));
        yield return Call("rule", () => Task.Run(() => new HanzoSessionsOptions().DecideMoves(null!)));
        yield return Call("text", () => Task.FromResult(SessionActor.Parse(null!)));
        yield return Call("current", () => Task.FromResult(SessionCaller.Of(null!)));
        yield return Call("userId", () => Task.FromResult(SessionUser.Parse(null!)));
    }

    [TestCaseSource(nameof(Calls)), Description("I1 what is missing is named before anything changes")]
    public void A_missing_argument_is_named(string parameter, Func<Task> call) => Assert.That(
        () => call(), Throws.ArgumentNullException.With.Property(nameof(ArgumentNullException.ParamName)).EqualTo(parameter));

    private static TestCaseData Call(string parameter, Func<Task> call, [CallerArgumentExpression(nameof(call))] string text = "") =>
        new TestCaseData(parameter, call).SetArgDisplayNames(text);
}
