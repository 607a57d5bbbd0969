using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Hanzo.Sessions.AspNetCore;
using Hanzo.Sessions.Testing;
using Hanzo.Sessions.TestServers;
using PublicApiGenerator;

namespace Hanzo.Sessions.PackageTests;

/// <summary>What users of the packages can rely on, and that nobody changes it without noticing.</summary>
[TestFixtureSource(nameof(Packages))]
public sealed class PublicApiTests(string package)
{
    private static readonly string[] Packages =
        ["Hanzo.Sessions", "Hanzo.Sessions.AspNetCore", "Hanzo.Sessions.GeoIp", "Hanzo.Sessions.Postgres", "Hanzo.Sessions.Sqlite", "Hanzo.Sessions.Testing"];

    /// <summary>Made to be derived from: the contract is a base class of the author's tests, the other one is for wrapping a store.</summary>
    private static readonly Type[] Open =
        [typeof(SessionStoreContract), typeof(SharedSessionStoreContract), typeof(ClockedSessionStoreContract), typeof(DelegatingSessionStore)];

    /// <summary>What else than the runtime and Microsoft.Extensions a package brings along.</summary>
    private static readonly Dictionary<string, string[]> Others = new(StringComparer.Ordinal)
    {
        ["Hanzo.Sessions"] = [],
        ["Hanzo.Sessions.AspNetCore"] = ["Hanzo.Sessions", "Microsoft.AspNetCore.*", "Microsoft.Net.Http.*"],
        ["Hanzo.Sessions.GeoIp"] = ["Hanzo.Sessions", "MaxMind.Db"],
        ["Hanzo.Sessions.Postgres"] = ["Hanzo.Sessions", "Npgsql"],
        ["Hanzo.Sessions.Sqlite"] = ["Hanzo.Sessions", "Microsoft.Data.Sqlite", "SQLitePCLRaw.*"],
        ["Hanzo.Sessions.Testing"] = ["Hanzo.Sessions", "nunit.framework"],
    };

    /// <summary>Where extension methods live, so that they are found without another using.</summary>
    private static readonly string[] HostNamespaces = ["Microsoft.Extensions.DependencyInjection", "Microsoft.AspNetCore.Builder"];

    // The generator leaves out what is in the namespaces of the host and of the compiler, unless it is told otherwise.
    private static readonly ApiGeneratorOptions Everything = new()
    {
        IncludeAssemblyAttributes = false,
        DenyNamespacePrefixes = [],
        ExcludeAttributes =
        [
            typeof(TestAttribute).FullName!, typeof(TestCaseAttribute).FullName!, typeof(NUnit.Framework.DescriptionAttribute).FullName!,
            typeof(UnconditionalSuppressMessageAttribute).FullName!,
        ],
    };

    private readonly Assembly _assembly = Assembly.Load(package);

    [Test, Description("The public API is what was approved")]
    public void The_public_API_is_the_approved_one()
    {
        var approved = Path.Combine(Repository.Root, "tests", "Hanzo.Sessions.PackageTests", "Approved", $"{package}.txt");
        var actual = _assembly.GeneratePublicApi(Everything).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable("HANZO_SESSIONS_APPROVE") is "1")
        {
            File.WriteAllText(approved, actual);
        }

        var known = File.Exists(approved) ? File.ReadAllText(approved).ReplaceLineEndings("\n") : string.Empty;
        var (gone, added) = (Missing(known, actual), Missing(actual, known));
        Assert.That(
            actual,
            Is.EqualTo(known),
            $"The public API of {package} has changed.\n{string.Join('\n', gone.Select(line => $"- {line}").Concat(added.Select(line => $"+ {line}")))}\n"
            + "If that is meant, accept it and commit the file: HANZO_SESSIONS_APPROVE=1 dotnet test tests/Hanzo.Sessions.PackageTests");
    }

    [Test, Description("Nothing can be derived from that was not made for it")]
    public void Classes_are_sealed_or_static()
    {
        var open = _assembly.GetExportedTypes().Where(type => type is { IsClass: true, IsSealed: false }).Except(Open);

        Assert.That(open, Is.Empty);
    }

    [Test, Description("What does I/O can be cancelled")]
    public void Async_methods_end_with_a_token()
    {
        var without = _assembly.GetExportedTypes()
            .SelectMany(Methods)
            .Where(method => IsTask(method.ReturnType) && method.GetParameters().LastOrDefault()?.ParameterType != typeof(CancellationToken))
            .Where(method => !NeedsNoToken(method))
            .Select(method => $"{method.DeclaringType}.{method.Name}");

        Assert.That(without, Is.Empty);
    }

    [Test, Description("A method that answers a task says so in its name")]
    public void Methods_that_answer_a_task_end_in_Async()
    {
        var misnamed = _assembly.GetExportedTypes()
            .SelectMany(Methods)
            .Where(method => IsTask(method.ReturnType) != method.Name.EndsWith("Async", StringComparison.Ordinal) && !IsFact(method))
            .Select(method => $"{method.DeclaringType}.{method.Name}");

        Assert.That(misnamed, Is.Empty);
    }

    [Test, Description("One namespace per package, and extension methods where the host has its own")]
    public void Types_are_in_the_namespace_of_their_package()
    {
        var strangers = _assembly.GetExportedTypes()
            .Where(type => !string.Equals(type.Namespace, package, StringComparison.Ordinal))
            .Where(type => type is not { IsAbstract: true, IsSealed: true } || !HostNamespaces.Contains(type.Namespace, StringComparer.Ordinal))
            .Select(type => type.FullName);

        Assert.That(strangers, Is.Empty);
    }

    [Test, Description("What a package brings along, and nothing else")]
    public void The_assembly_references_nothing_but_the_runtime_the_extensions_and_what_the_package_is_for()
    {
        var allowed = Others[package].Prepend("Microsoft.Extensions.*").Prepend("System.*")
            .Select(name => Regex.Escape(name).Replace("\\*", ".+", StringComparison.Ordinal));
        var references = _assembly.GetReferencedAssemblies().Select(reference => reference.Name);

        Assert.That(references, Has.All.Match($"^({string.Join('|', allowed)})$"));
    }

    /// <summary>
    /// Methods of a request take the request's own token, .NET gives disposal none, NUnit gives facts and their set-up none.
    /// </summary>
    private static bool NeedsNoToken(MethodInfo method) =>
        method.DeclaringType == typeof(SessionHttpContextExtensions)
        || method.Name is nameof(IAsyncDisposable.DisposeAsync)
        || typeof(SessionStoreContract).IsAssignableFrom(method.DeclaringType);

    private static IEnumerable<MethodInfo> Methods(Type type) => type
        .GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(method => (method.IsPublic || method.IsFamily) && !method.IsSpecialName && !method.IsDefined(typeof(CompilerGeneratedAttribute)));

    private static bool IsFact(MethodInfo method) => typeof(SessionStoreContract).IsAssignableFrom(method.DeclaringType);

    private static bool IsTask(Type type) =>
        typeof(Task).IsAssignableFrom(type)
        || type == typeof(ValueTask)
        || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));

    private static IEnumerable<string> Missing(string from, string there) => from.Split('\n').Except(there.Split('\n'), StringComparer.Ordinal);
}
