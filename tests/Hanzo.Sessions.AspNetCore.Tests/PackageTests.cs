using System.Reflection;

namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class PackageTests
{
    [Test]
    public void The_web_package_references_nothing_but_the_core_and_the_shared_framework()
    {
        var references = Assembly.Load("Hanzo.Sessions.AspNetCore").GetReferencedAssemblies().Select(reference => reference.Name);

        Assert.That(references, Has.All.Match("^(System|Microsoft\\.Extensions|Microsoft\\.AspNetCore|Microsoft\\.Net\\.Http|Hanzo\\.Sessions$)"));
    }
}
