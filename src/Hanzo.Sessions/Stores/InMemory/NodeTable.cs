namespace Hanzo.Sessions;

/// <summary>
/// Finds nodes by a key without a lock. The links are in the nodes, so a node costs the table only its place: about eight
/// bytes, where a <c>ConcurrentDictionary</c> needs sixty. Keys are random, so their hash codes are too.
/// </summary>
/// <remarks>
/// A reader that finds a node with the right key has the right node, however it got there: a key never changes, and a removed
/// node is never added again. Only a miss can be wrong, if growth has moved the nodes ahead of the reader to other places;
/// then the reader looks again.
/// </remarks>
internal sealed class NodeTable<TKey, TNodeKey>
    where TKey : struct, IEquatable<TKey>
    where TNodeKey : struct, INodeKey<TKey>
{
    // Many small parts: writers use them in parallel, and none takes long to grow.
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

    /// <summary>Replaces a node with another that has the same key. Readers find one of them at any moment.</summary>
    public void Replace(SessionNode old, SessionNode node)
    {
        var hash = (uint)TNodeKey.Of(node).GetHashCode();
        _parts[hash % Parts].Replace(old, node, hash / Parts);
    }

    /// <summary>All nodes. Each part is read when the enumeration reaches it.</summary>
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
                    // When the lock is free, the nodes have been moved.
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
                // In the same position: a reader that is already here would miss a node at the head of the list.
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
            // The node keeps its own link: a reader that is here continues from it.
            ref var link = ref LinkTo(node, hash);
            var found = link is not null;
            if (found)
            {
                Volatile.Write(ref link, TNodeKey.Next(node));
            }

            return found;
        }

        /// <summary>The link that points to a node; the empty one at the end if the node is not here.</summary>
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
