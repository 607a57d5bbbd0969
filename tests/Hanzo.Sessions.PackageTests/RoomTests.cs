using System.Reflection;
using Hanzo.Sessions.TestServers;

namespace Hanzo.Sessions.PackageTests;

/// <summary>Folders are rooms on floors: each names only what is below it.</summary>
public sealed class RoomTests
{
    private static IEnumerable<string?> Packages => Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName);

    [TestCaseSource(nameof(Packages))]
    public void No_folders_of_a_package_name_each_other_in_a_circle(string package)
    {
        var rooms = Rooms.Of(Assembly.Load(package));

        Assert.That(rooms.Faults, Is.Empty);
        TestContext.Out.WriteLine($"{package}: {rooms.Floors()}");
    }

    [TestCase("Guest.Name")]
    [TestCase("nameof(Guest)")]
    [TestCase("2.Greeted()")]
    public void Two_folders_that_name_each_other_are_a_circle(string owner) => Assert.That(House(owner).Faults, Is.EqualTo("""
        Cellar > Hall is part of a circle: Wine (Cellar/Wine.cs) names Guest (Hall/Guest.cs)
        Hall > Cellar is part of a circle: Guest (Hall/Guest.cs) names Wine (Cellar/Wine.cs)
        """));

    [Test]
    public void A_folder_that_only_a_doc_comment_names_is_not_named() =>
        Assert.That((House("null!").Faults, House("null!").Floors()), Is.EqualTo((string.Empty, "Cellar < Hall")));

    [Test]
    public void A_type_in_two_folders_is_a_fault() => Assert.That(
        new Rooms("House", ("Cellar/Wine.cs", "partial class Wine;"), ("Cellar/Wine.Old.cs", "partial class Wine;"), ("Hall/Wine.cs", "partial class Wine;")).Faults,
        Is.EqualTo("Wine is in several folders: Cellar/Wine.cs, Cellar/Wine.Old.cs, Hall/Wine.cs"));

    private static Rooms House(string owner) => new(
        "House",
        ("Cellar/Wine.cs", $"/** <see cref='Guest'/> */ class Wine {{ public const int Year = 1990; string Owner => {owner}; }}"),
        ("Hall/Guest.cs", "static class Guest { public const string Name = nameof(Wine.Year); public static string Greeted(this int times) => Name; }"));
}
