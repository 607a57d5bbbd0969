using System.Net;

namespace Hanzo.Sessions.Tests;

/// <summary>What a filter selects, one condition at a time.</summary>
public sealed class SessionFilterTests
{
    private static readonly Session It = TestSessions.Of(Ada).From("192.0.2.7").Session;
    private static readonly SessionFilter Everybody = new() { Scope = SessionScope.AllOrganizations };

    private static IEnumerable<TestCaseData> Conditions()
    {
        yield return Case("no condition", Everybody, true);
        yield return Case("its organization", Everybody with { Scope = SessionScope.Of("hanzo") }, true);
        yield return Case("another organization", Everybody with { Scope = SessionScope.Of("Hanzo") }, false);
        yield return Case("its id", Everybody with { Id = It.Id }, true);
        yield return Case("another id", Everybody with { Id = SessionId.New(It.CreatedAt) }, false);
        yield return Case("all but it", Everybody with { Except = It.Id }, false);
        yield return Case("all but another", Everybody with { Except = SessionId.New(It.CreatedAt) }, true);
        yield return Case("its user", Everybody with { User = "ada" }, true);
        yield return Case("another user", Everybody with { User = "Ada" }, false);
        yield return Case("its application", Everybody with { Application = "shop" }, true);
        yield return Case("another application", Everybody with { Application = "sho" }, false);
        yield return Case("its address", Everybody with { IpAddress = IPAddress.Parse("192.0.2.7") }, true);
        yield return Case("another address", Everybody with { IpAddress = IPAddress.Parse("192.0.2.70") }, false);
        yield return Case("its prefix", Everybody with { UserPrefix = "ad" }, true);
        yield return Case("another prefix", Everybody with { UserPrefix = "da" }, false);
        yield return Case("part of the organization", Everybody with { Contains = new(SessionTextColumn.Organization, "anz") }, true);
        yield return Case("no part of the organization", Everybody with { Contains = new(SessionTextColumn.Organization, "ada") }, false);
        yield return Case("part of the user", Everybody with { Contains = new(SessionTextColumn.User, "da") }, true);
        yield return Case("no part of the user", Everybody with { Contains = new(SessionTextColumn.User, "hop") }, false);
        yield return Case("part of the application", Everybody with { Contains = new(SessionTextColumn.Application, "hop") }, true);
        yield return Case("no part of the application", Everybody with { Contains = new(SessionTextColumn.Application, "anz") }, false);
        yield return Case("created before its creation", Everybody with { CreatedBefore = It.CreatedAt }, false);
        yield return Case("created before a millisecond later", Everybody with { CreatedBefore = It.CreatedAt + Ms }, true);
        yield return Case("active before its activity", Everybody with { LastActiveBefore = It.LastActiveAt }, false);
        yield return Case("active before a millisecond later", Everybody with { LastActiveBefore = It.LastActiveAt + Ms }, true);

        static TestCaseData Case(string name, SessionFilter filter, bool matches) => new TestCaseData(filter, matches).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Conditions)), Description("T6, L3 what a condition selects")]
    public void A_filter_selects_what_meets_its_condition(SessionFilter filter, bool matches) =>
        Assert.That(filter.Matches(It), Is.EqualTo(matches));

    [Test, Description("T6 all conditions must hold")]
    public void One_condition_that_does_not_hold_is_enough_not_to_be_selected() =>
        Assert.That((Everybody with { User = "ada", Application = "mail" }).Matches(It), Is.False);

    [Test, Description("T6 a session without an address comes from no address")]
    public void A_session_without_an_address_comes_from_none() =>
        Assert.That((Everybody with { IpAddress = IPAddress.Parse("192.0.2.7") }).Matches(TestSessions.Of(Ada).Session), Is.False);

    [Test]
    public void A_column_that_there_is_not_is_an_error() => Assert.That(
        () => (Everybody with { Contains = new((SessionTextColumn)9, "a") }).Matches(It),
        Throws.InvalidOperationException.With.Message.EqualTo("Column is 9; it must be Organization, User or Application."));

    [Test]
    public void Missing_arguments_are_named()
    {
        Assert.That(() => Everybody.Matches(null!), Throws.ArgumentNullException);
        Assert.That(() => SessionFilter.Of((SessionUser)null!), Throws.ArgumentNullException);
        Assert.That(() => Everybody.Scope.Contains(null!), Throws.ArgumentNullException);
    }

    [TestCase("::ffff:192.0.2.7", true)]
    [TestCase("192.0.2.7", true)]
    [TestCase("::192.0.2.7", false)]
    [Description("A1 one address has one text, however it is written")]
    public void An_address_is_found_in_each_of_its_forms(string address, bool matches) =>
        Assert.That((Everybody with { IpAddress = IPAddress.Parse(address) }).Matches(It), Is.EqualTo(matches));

    [TestCase("al", "am")]
    [TestCase("a\u007f", "a\u0080")]
    [TestCase("\ud7ff", "\ue000")]
    [TestCase("\uffff", "\U00010000")]
    [TestCase("a\U0010ffff", "b")]
    [TestCase("\U0010ffff\U0010ffff", null)]
    [TestCase(null, null)]
    [Description("L3")]
    public void A_prefix_ends_before_the_next_text_by_code_point(string? prefix, string? end) =>
        Assert.That((Everybody with { UserPrefix = prefix }).UserPrefixEnd, Is.EqualTo(end));

    [Test, Description("L3 stored instants are whole milliseconds: before a fraction of one means before the next")]
    public void Instants_are_rounded_up_to_milliseconds()
    {
        var filter = Everybody with { CreatedBefore = It.CreatedAt.AddTicks(1), LastActiveBefore = DateTimeOffset.MaxValue };
        Assert.That(filter.CreatedBefore, Is.EqualTo(It.CreatedAt + Ms));
        Assert.That(filter.LastActiveBefore, Is.EqualTo(DateTimeOffset.MaxValue));
    }
}
