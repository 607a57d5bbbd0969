using Hanzo.Sessions.Testing;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using NUnit.Framework.Internal.Builders;
using NUnit.Framework.Internal.Execution;

namespace Hanzo.Sessions.StoreTests.BrokenStores;

/// <summary>Runs the contract on a store inside a test, and tells how each fact went.</summary>
internal static class ContractRunner
{
    public static IReadOnlyList<ITestResult> Run(Type store)
    {
        var open = store.IsSubclassOf(typeof(ClockedStore)) || store == typeof(ClockedStore) ? typeof(ClockedContractOf<>) : typeof(ContractOf<>);
        return RunContract(open.MakeGenericType(store), TestFilter.Empty);
    }

    /// <summary>Runs the facts of a contract's own subclass that a filter selects.</summary>
    public static IReadOnlyList<ITestResult> RunContract(Type contract, TestFilter facts)
    {
        var suite = new DefaultSuiteBuilder().BuildFrom(new TypeWrapper(contract));
        var work = WorkItemBuilder.CreateWorkItem(suite, facts, recursive: true)!;
        var dispatcher = new SimpleWorkItemDispatcher();

        // Without this the failures that are wished for would count as failures of the test that is running.
        using var isolation = new TestExecutionContext.IsolatedContext();
        using var completed = new ManualResetEventSlim();
        work.Completed += (_, _) => completed.Set();
        work.InitializeContext(new TestExecutionContext { Dispatcher = dispatcher });
        dispatcher.Start(work);
        completed.Wait();
        return [.. Leaves(work.Result)];
    }

    private static IEnumerable<ITestResult> Leaves(ITestResult result) =>
        result.Test.IsSuite ? result.Children.SelectMany(Leaves) : [result];

    // NUnit leaves generic fixtures alone when it looks for tests by itself.
    private sealed class ContractOf<TStore> : SharedSessionStoreContract
        where TStore : ISessionStore, new()
    {
        private readonly List<ISessionStore> _stores = [];

        protected override Task<ISessionStore> OpenEmptyStoreAsync()
        {
            _stores.Add(new TStore());
            return Task.FromResult(_stores[^1]);
        }

        // A second object on the same list would behave as the first one does: it is the first one.
        protected override Task<ISessionStore> OpenAgainAsync() => Task.FromResult(_stores[^1]);
    }

    private sealed class ClockedContractOf<TStore> : ClockedSessionStoreContract
        where TStore : ISessionStore, new()
    {
        private readonly List<ISessionStore> _stores = [];

        protected override Task<ISessionStore> OpenEmptyStoreAsync()
        {
            _stores.Add(new TStore());
            return Task.FromResult(_stores[^1]);
        }

        protected override Task<ISessionStore> OpenAgainAsync() => Task.FromResult(_stores[^1]);
    }
}
