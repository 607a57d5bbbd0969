using System.Reflection;
using Hanzo.Sessions.ProofTests.Histories;
using Hanzo.Sessions.ProofTests.Models;

namespace Hanzo.Sessions.ProofTests;

/// <summary>A verb that no history and no model knows is one whose interleavings and sequences nobody has tried.</summary>
public sealed class ManagerVerbTests
{
    /// <summary>The verbs that only the model has, because they are others with another selector, or read one moment.</summary>
    private static readonly Dictionary<string, string> OnlyInTheModel = new(StringComparer.Ordinal)
    {
        [nameof(SessionManager.EndOutdatedAsync)] = "TerminateAsync with conditions, which the store's contract tries in parallel",
        [nameof(SessionManager.EndUndeliveredAsync)] = "TerminateAsync with another reason",
        [nameof(SessionManager.FindAsync)] = "a history of one session",
        [nameof(SessionManager.GetQuotaAsync)] = "a count of what lists show",
        [nameof(SessionManager.ListIpSpreadAsync)] = "answered from a count that may be older than the call; histories judge the counts of each step",
        [nameof(SessionManager.ReplacePayloadAsync)] = "a conditional update, which the store's contract tries in parallel",
        [nameof(SessionManager.RotateOrEndAsync)] = "the last part of RenewAsync",
        [nameof(SessionManager.SignOutAsync)] = "TerminateAsync with another reason",
        [nameof(SessionManager.SignOutOfTokenAsync)] = "TerminateAsync with a condition, which the store's contract tries in parallel",
        [nameof(SessionManager.TerminateEverythingAsync)] = "TerminateMatchingAsync with the widest filter",
        [nameof(SessionManager.TerminateOrganizationAsync)] = "TerminateMatchingAsync with a wide filter",
        [nameof(SessionManager.TerminateRecordAsync)] = "TerminateMatchingAsync of one user with an application",
        [nameof(SessionManager.TerminateUserAsync)] = "TerminateAllAsync with another reason",
    };

    private static IReadOnlyList<MethodInfo> Verbs { get; } =
        typeof(SessionManager).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);

    [Test]
    public void The_model_has_every_verb_of_the_manager()
    {
        var called = CalledVerbs.Of(typeof(SessionManager), typeof(Model)).ToHashSet();
        Assert.That(Verbs.Where(verb => !called.Contains(verb)), Is.Empty);
    }

    [Test]
    public void Histories_have_every_verb_but_those_with_a_reason()
    {
        var called = CalledVerbs.Of(typeof(SessionManager), typeof(HistoryClient)).Concat(CalledVerbs.Of(typeof(SessionManager), typeof(ObservedManager)))
            .Select(verb => verb.Name)
            .ToHashSet(StringComparer.Ordinal);
        var missing = Verbs.Select(verb => verb.Name).Distinct(StringComparer.Ordinal).Where(verb => !called.Contains(verb));
        Assert.That(missing, Is.EquivalentTo(OnlyInTheModel.Keys));
    }
}
