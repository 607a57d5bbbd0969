using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Hanzo.Sessions;

/// <summary>Chooses the store, and adds observers, policies and locators. <c>AddHanzoSessions</c> returns it.</summary>
public sealed class HanzoSessionsBuilder
{
    internal HanzoSessionsBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services of the host.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Replaces the in-memory store. The last call wins.</summary>
    /// <typeparam name="TStore">The store: a singleton, with services injected into its constructor.</typeparam>
    public HanzoSessionsBuilder UseStore<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TStore>()
        where TStore : class, ISessionStore
    {
        Services.Replace(ServiceDescriptor.Singleton<ISessionStore, TStore>());
        return this;
    }

    /// <summary>Replaces the in-memory store. The last call wins.</summary>
    /// <param name="factory">Creates the store; called once.</param>
    public HanzoSessionsBuilder UseStore(Func<IServiceProvider, ISessionStore> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Services.Replace(ServiceDescriptor.Singleton(factory));
        return this;
    }

    /// <summary>Adds an observer, which hears what has happened to sessions. A host can have several.</summary>
    /// <typeparam name="TObserver">The observer: a singleton, with services injected into its constructor.</typeparam>
    public HanzoSessionsBuilder AddObserver<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TObserver>()
        where TObserver : class, ISessionObserver
    {
        Services.AddSingleton<ISessionObserver, TObserver>();
        return this;
    }

    /// <summary>Gives some users or applications another policy than the options do. The last call wins.</summary>
    /// <typeparam name="TProvider">The provider: a singleton, with services injected into its constructor.</typeparam>
    public HanzoSessionsBuilder UsePolicyProvider<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TProvider>()
        where TProvider : class, ISessionPolicyProvider
    {
        Services.Replace(ServiceDescriptor.Singleton<ISessionPolicyProvider, TProvider>());
        return this;
    }

    /// <summary>
    /// Adds a locator, which says where an address is. A host can have several: they are asked in the order in which they
    /// were added, until one knows the place.
    /// </summary>
    /// <typeparam name="TLocator">The locator: a singleton, with services injected into its constructor.</typeparam>
    public HanzoSessionsBuilder AddLocator<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TLocator>()
        where TLocator : class, ISessionLocator
    {
        Services.AddSingleton<ISessionLocator, TLocator>();
        return this;
    }

    /// <summary>Adds a locator as the other overload does.</summary>
    /// <param name="locator">The locator.</param>
    public HanzoSessionsBuilder AddLocator(ISessionLocator locator)
    {
        ArgumentNullException.ThrowIfNull(locator);
        Services.AddSingleton(locator);
        return this;
    }
}
