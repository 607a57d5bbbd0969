namespace Hanzo.Sessions;

/// <summary>
/// Finds the sessions whose time is up without looking at the others: one bucket per second, an intrusive list each.
/// A touch does not move a session; its bucket comes first and it is filed again then.
/// </summary>
internal sealed class ExpiryWheel
{
    public const long NotFiled = -1;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, SessionNode> _buckets = [];
    private readonly SortedSet<long> _order = [];

    public void File(SessionNode node)
    {
        var bucket = BucketOf(node.Session.ActiveUntil);
        lock (_lock)
        {
            if (_buckets.TryGetValue(bucket, out var next))
            {
                node.NextInBucket = next;
                next.PreviousInBucket = node;
            }
            else
            {
                _order.Add(bucket);
            }

            _buckets[bucket] = node;
            node.Bucket = bucket;
        }
    }

    public void Remove(SessionNode node)
    {
        lock (_lock)
        {
            if (node.Bucket != NotFiled)
            {
                Unlink(node);
            }
        }
    }

    /// <summary>
    /// Takes out nodes that may be due: whoever gets them ends those that are and files the others again. None is
    /// handed out twice.
    /// </summary>
    public List<SessionNode> Take(DateTimeOffset now, int maximum)
    {
        var current = BucketOf(now);
        List<SessionNode> taken = [];
        lock (_lock)
        {
            while (taken.Count < maximum && _order.Count > 0 && _order.Min is var bucket && bucket <= current)
            {
                var node = _buckets.GetValueOrDefault(bucket);

                // In the bucket of this very second some are due and others are not: these stay where they are.
                while (node is not null && taken.Count < maximum)
                {
                    var next = node.NextInBucket;
                    if (bucket < current || now >= node.Session.ActiveUntil)
                    {
                        Unlink(node);
                        taken.Add(node);
                    }

                    node = next;
                }

                if (bucket == current)
                {
                    break;
                }
            }
        }

        return taken;
    }

    private void Unlink(SessionNode node)
    {
        var (previous, next) = (node.PreviousInBucket, node.NextInBucket);
        next?.PreviousInBucket = previous;
        if (previous is not null)
        {
            previous.NextInBucket = next;
        }
        else if (next is not null)
        {
            _buckets[node.Bucket] = next;
        }
        else
        {
            _buckets.Remove(node.Bucket);
            _order.Remove(node.Bucket);
        }

        node.PreviousInBucket = node.NextInBucket = null;
        node.Bucket = NotFiled;
    }

    private static long BucketOf(DateTimeOffset instant) => instant.UtcTicks / TimeSpan.TicksPerSecond;
}
