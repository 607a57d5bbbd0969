using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Hanzo.Sessions;

/// <summary>What <c>AddHanzoSessions</c> returns: choose a store here, add observers and policies.</summary>
public sealed class HanzoSessionsBuilder
{
    internal HanzoSessionsBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services that are being registered.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Keeps sessions in another store than memory. The last call wins.</summary>
    /// <typeparam name="TStore">The store; made once, with its constructor's services.</typeparam>
    public HanzoSessionsBuilder UseStore<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TStore>()
        where TStore : class, ISessionStore
    {
        Services.Replace(ServiceDescriptor.Singleton<ISessionStore, TStore>());
        return this;
    }

    /// <summary>Keeps sessions in another store than memory. The last call wins.</summary>
    /// <param name="factory">Makes the store, once.</param>
    public HanzoSessionsBuilder UseStore(Func<IServiceProvider, ISessionStore> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Services.Replace(ServiceDescriptor.Singleton(factory));
        return this;
    }

    /// <summary>Tells somebody about what has happened to sessions. May be called for several.</summary>
    /// <typeparam name="TObserver">The observer; made once, with its constructor's services.</typeparam>
    public HanzoSessionsBuilder AddObserver<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TObserver>()
        where TObserver : class, ISessionObserver
    {
        Services.AddSingleton<ISessionObserver, TObserver>();
        return this;
    }

    /// <summary>Lets some users or applications have another policy than that of the options. The last call wins.</summary>
    /// <typeparam name="TProvider">The provider; made once, with its constructor's services.</typeparam>
    public HanzoSessionsBuilder UsePolicyProvider<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TProvider>()
        where TProvider : class, ISessionPolicyProvider
    {
        Services.Replace(ServiceDescriptor.Singleton<ISessionPolicyProvider, TProvider>());
        return this;
    }
}
