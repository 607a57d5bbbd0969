namespace Hanzo.Sessions;

/// <summary>
/// Finds nodes by a key without taking a lock. The links are in the nodes, so a node costs the table no more than its
/// place: some eight bytes, where a <c>ConcurrentDictionary</c> needs sixty. Keys are random, so their hash codes are.
/// </summary>
/// <remarks>
/// A node that a reader meets with the right key is the right one, however the reader came to it, because a key never
/// changes and a removed node is never added again. Only a miss can be wrong, when growing has moved the nodes ahead
/// of the reader to other places; then it looks again.
/// </remarks>
internal sealed class NodeTable<TKey, TNodeKey>
    where TKey : struct, IEquatable<TKey>
    where TNodeKey : struct, INodeKey<TKey>
{
    // Many small parts: they are written to at the same time, and none takes long to grow.
    private const int Parts = 64;

    private readonly Part[] _parts = [.. Enumerable.Range(0, Parts).Select(_ => new Part())];

    public SessionNode? Find(TKey key)
    {
        var hash = (uint)key.GetHashCode();
        return _parts[hash % Parts].Find(key, hash / Parts);
    }

    public void Add(SessionNode node)
    {
        var hash = (uint)TNodeKey.Of(node).GetHashCode();
        _parts[hash % Parts].Add(node, hash / Parts);
    }

    public void Remove(SessionNode node)
    {
        var hash = (uint)TNodeKey.Of(node).GetHashCode();
        _parts[hash % Parts].Remove(node, hash / Parts);
    }

    /// <summary>Puts a node in the place of another that has the same key: at any moment one of them is found.</summary>
    public void Replace(SessionNode old, SessionNode node)
    {
        var hash = (uint)TNodeKey.Of(node).GetHashCode();
        _parts[hash % Parts].Replace(old, node, hash / Parts);
    }

    /// <summary>All nodes, each part as it is when it is reached.</summary>
    public IEnumerable<SessionNode> All() => _parts.SelectMany(part => part.ToList());

    private sealed class Part
    {
        private readonly Lock _lock = new();
        private SessionNode?[] _places = new SessionNode?[16];
        private int _count;
        private int _moves; // odd while nodes are being moved

        public SessionNode? Find(TKey key, uint hash)
        {
            while (true)
            {
                var moves = Volatile.Read(ref _moves);
                var places = Volatile.Read(ref _places);
                for (var node = Volatile.Read(ref places[hash & (places.Length - 1)]);
                    node is not null;
                    node = Volatile.Read(ref TNodeKey.Next(node)))
                {
                    if (TNodeKey.Of(node).Equals(key))
                    {
                        return node;
                    }
                }

                if ((moves & 1) == 0 && moves == Volatile.Read(ref _moves))
                {
                    return null;
                }

                lock (_lock)
                {
                    // The nodes have been moved when it is free.
                }
            }
        }

        public void Add(SessionNode node, uint hash)
        {
            lock (_lock)
            {
                if (_count == _places.Length * 3 / 2)
                {
                    Grow();
                }

                Link(_places, node, hash);
                _count++;
            }
        }

        public void Remove(SessionNode node, uint hash)
        {
            lock (_lock)
            {
                _count -= Unlink(node, hash) ? 1 : 0;
            }
        }

        public void Replace(SessionNode old, SessionNode node, uint hash)
        {
            lock (_lock)
            {
                // In its very place: a reader that has come so far would pass by a node that is put first.
                ref var link = ref LinkTo(old, hash);
                Volatile.Write(ref TNodeKey.Next(node), TNodeKey.Next(old));
                Volatile.Write(ref link, node);
            }
        }

        public List<SessionNode> ToList()
        {
            lock (_lock)
            {
                List<SessionNode> nodes = new(_count);
                foreach (var first in _places)
                {
                    for (var node = first; node is not null; node = TNodeKey.Next(node))
                    {
                        nodes.Add(node);
                    }
                }

                return nodes;
            }
        }

        private void Grow()
        {
            var places = new SessionNode?[_places.Length * 2];
            Interlocked.Increment(ref _moves);
            foreach (var first in _places)
            {
                for (SessionNode? node = first, next; node is not null; node = next)
                {
                    next = TNodeKey.Next(node);
                    Link(places, node, (uint)TNodeKey.Of(node).GetHashCode() / Parts);
                }
            }

            Volatile.Write(ref _places, places);
            Interlocked.Increment(ref _moves);
        }

        private bool Unlink(SessionNode node, uint hash)
        {
            // The node keeps its own link: a reader that is here goes on from it.
            ref var link = ref LinkTo(node, hash);
            var found = link is not null;
            if (found)
            {
                Volatile.Write(ref link, TNodeKey.Next(node));
            }

            return found;
        }

        /// <summary>The link that leads to a node; the empty one at the end when the node is not here.</summary>
        private ref SessionNode? LinkTo(SessionNode node, uint hash)
        {
            ref var link = ref _places[hash & (_places.Length - 1)];
            while (link is not null && link != node)
            {
                link = ref TNodeKey.Next(link);
            }

            return ref link;
        }

        private static void Link(SessionNode?[] places, SessionNode node, uint hash)
        {
            ref var place = ref places[hash & (places.Length - 1)];
            Volatile.Write(ref TNodeKey.Next(node), place);
            Volatile.Write(ref place, node);
        }
    }
}
