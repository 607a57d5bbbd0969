namespace Hanzo.Sessions.Sqlite;

/// <summary>
/// The one writer of a file. Waiting writes share a transaction, and so one flush to the disk; each completes after
/// the commit. If the writer is idle, a write runs on its caller's thread, so the disk blocks at most one thread.
/// </summary>
/// <param name="open">Opens the connection at the first write, and again after a failure.</param>
internal sealed class WriteQueue(Func<StoreConnection> open) : IThreadPoolWorkItem
{
    private const int LargestGroup = 64;

    private readonly Lock _lock = new();
    private readonly Queue<Write> _waiting = [];
    private readonly Lock _writing = new();
    private StoreConnection? _connection;
    private bool _busy;
    private bool _closed;

    /// <summary>Runs work within a transaction. It must be repeatable, because a shared transaction may be rolled back.</summary>
    /// <param name="work">The work; the caller gets its result when it is durable.</param>
    /// <param name="cancellationToken">Ends the wait for the writer; work that has begun is completed.</param>
    public Task<T> RunAsync<T>(Func<StoreConnection, T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var write = new Write<T>(work);
        lock (_lock)
        {
            if (_closed)
            {
                return Task.FromException<T>(new ObjectDisposedException(nameof(SqliteSessionStore)));
            }

            _waiting.Enqueue(write);
            if (_busy)
            {
                write.CancelWith(cancellationToken);
                return write.Task;
            }

            _busy = true;
        }

        Execute();
        return write.Task;
    }

    /// <summary>Commits the waiting writes, and leaves later ones to another thread.</summary>
    public void Execute()
    {
        lock (_writing)
        {
            Commit(Next());
        }

        lock (_lock)
        {
            if (_waiting.Count == 0)
            {
                _busy = false;
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Refuses further writes, finishes the waiting ones, and closes the connection.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
        }

        lock (_writing)
        {
            while (Next() is { Count: > 0 } rest)
            {
                Commit(rest);
            }

            GiveUpConnection();
        }
    }

    private List<Write> Next()
    {
        List<Write> group = [];
        lock (_lock)
        {
            while (group.Count < LargestGroup && _waiting.TryDequeue(out var write))
            {
                if (write.TryBegin())
                {
                    group.Add(write);
                }
            }
        }

        return group;
    }

    private void Commit(List<Write> group)
    {
        if (group.Count == 0)
        {
            return;
        }

        var (fault, inWork) = TryCommit(group);
        if (inWork && group.Count > 1)
        {
            // One write failed and rolled back the others: each gets its own transaction.
            group.ForEach(write => Commit([write]));
            return;
        }

        foreach (var write in group)
        {
            write.Answer(fault);
        }
    }

    private (Exception? Fault, bool InWork) TryCommit(List<Write> group)
    {
        var inWork = false;
        try
        {
            _connection ??= open();
            _connection.Execute("BEGIN IMMEDIATE");
            inWork = true;
            foreach (var write in group)
            {
                write.Run(_connection);
            }

            inWork = false;
            _connection.Execute("COMMIT");
            return (null, false);
        }
#pragma warning disable CA1031 // Every fault goes to the callers, untouched.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            // Closing rolls back, whatever state the failure has left; the next write opens a new connection.
            GiveUpConnection();
            return (fault, inWork);
        }
    }

    private void GiveUpConnection()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private abstract class Write
    {
        private int _begun;
        private CancellationTokenRegistration _cancellation;

        /// <summary>Begins this write unless it was canceled; from then on it cannot be.</summary>
        public bool TryBegin()
        {
            if (Interlocked.Exchange(ref _begun, 1) != 0)
            {
                return false;
            }

            _cancellation.Unregister();
            return true;
        }

        public void CancelWith(CancellationToken cancellationToken)
        {
            if (cancellationToken.CanBeCanceled)
            {
                _cancellation = cancellationToken.UnsafeRegister(Cancel, this);
            }
        }

        public abstract void Run(StoreConnection connection);

        public abstract void Answer(Exception? fault);

        protected abstract void Cancel(CancellationToken cancellationToken);

        private static void Cancel(object? state, CancellationToken cancellationToken)
        {
            var write = (Write)state!;
            if (Interlocked.Exchange(ref write._begun, 1) == 0)
            {
                write.Cancel(cancellationToken);
            }
        }
    }

    private sealed class Write<T>(Func<StoreConnection, T> work) : Write
    {
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Task => _answer.Task;

        public override void Run(StoreConnection connection) => _result = work(connection);

        public override void Answer(Exception? fault)
        {
            if (fault is null)
            {
                _answer.SetResult(_result);
            }
            else
            {
                _answer.SetException(fault);
            }
        }

        protected override void Cancel(CancellationToken cancellationToken) => _answer.SetCanceled(cancellationToken);
    }
}
