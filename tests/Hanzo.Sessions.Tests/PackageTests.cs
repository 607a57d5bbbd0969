using System.Reflection;

namespace Hanzo.Sessions.Tests;

public sealed class PackageTests
{
    [Test]
    public void The_core_references_nothing_but_the_runtime_and_the_extensions()
    {
        var references = Assembly.Load("Hanzo.Sessions").GetReferencedAssemblies().Select(reference => reference.Name);

        Assert.That(references, Has.All.Match("^(System|Microsoft\\.Extensions)\\."));
    }
}
