using System.Runtime.InteropServices;

namespace Hanzo.Sessions;

/// <summary>
/// Finds timed-out sessions without reading the others: one bucket per minute, each an intrusive list. A touch does not move
/// a session; when its bucket is due, the wheel files it again. The lock of the shard guards it.
/// </summary>
internal sealed class ExpiryWheel
{
    public const uint NotFiled = 0;

    private readonly Dictionary<uint, SessionNode> _buckets = [];
    private readonly SortedSet<uint> _order = [];
    private readonly List<SessionNode> _moved = [];

    public void File(SessionNode node)
    {
        var bucket = BucketOf(node.Session.ActiveUntil);
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

    public void Remove(SessionNode node)
    {
        if (node.Bucket == NotFiled)
        {
            return;
        }

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

    /// <summary>Removes timed-out sessions for the caller to end. Files sessions again that have been active since they were filed.</summary>
    public void Take(DateTimeOffset now, int maximum, List<SessionNode> taken)
    {
        var current = BucketOf(now);
        var most = taken.Count + maximum;
        while (taken.Count < most && _order.Count > 0 && _order.Min is var bucket && bucket <= current)
        {
            var before = taken.Count;
            _moved.Clear();

            // Keep this loop free of other work so that the cache misses overlap.
            for (var node = _buckets[bucket]; node is not null && taken.Count < most; node = node.NextInBucket)
            {
                if (now >= node.Session.ActiveUntil)
                {
                    taken.Add(node);
                }
                else if (bucket < BucketOf(node.Session.ActiveUntil))
                {
                    _moved.Add(node);
                }
            }

            foreach (var node in CollectionsMarshal.AsSpan(taken)[before..])
            {
                Remove(node);
            }

            foreach (var node in _moved)
            {
                Remove(node);
                File(node);
            }

            if (bucket == current)
            {
                break;
            }
        }
    }

    private static uint BucketOf(DateTimeOffset instant) =>
        (uint)Math.Clamp(instant.UtcTicks / TimeSpan.TicksPerMinute, NotFiled + 1, uint.MaxValue);
}
