namespace Hanzo.Sessions.Tests;

public sealed class NodeTableTests
{
    private const int Growing = 100_000;

    [Test, Description("V1 a lookup without a lock finds what is there, whatever happens to its neighbours")]
    public async Task What_is_in_the_table_is_found_at_every_moment_while_others_come_and_go()
    {
        var table = new NodeTable<SessionTokenHash, ByToken>();
        var session = (await new Harness().SignIn()).Session;
        SessionNode New() => new(session, SessionToken.New().Hash());
        var staying = Enumerable.Range(0, 500).Select(_ => New()).ToArray();
        Array.ForEach(staying, table.Add);
        var going = Enumerable.Range(0, Growing).Select(_ => New()).ToArray();

        var done = false;
        var reading = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var missed = 0;
                while (!Volatile.Read(ref done))
                {
                    missed += staying.Count(node => table.Find(node.TokenHash) != node);
                }

                return missed;
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        Array.ForEach(going, table.Add);
        Array.ForEach(going, table.Remove);
        Volatile.Write(ref done, true);

        Assert.That(await Task.WhenAll(reading), Is.All.Zero);
        Assert.That(going.Count(node => table.Find(node.TokenHash) is not null), Is.Zero);
        Assert.That(table.All(), Is.EquivalentTo(staying));
    }

    [Test, Description("L1 a session is listed once, also when its token is rotated")]
    public async Task A_node_that_takes_the_place_of_another_is_the_only_one_of_its_key()
    {
        var table = new NodeTable<SessionId, ById>();
        var session = (await new Harness().SignIn()).Session;
        var (old, node) = (new SessionNode(session, SessionToken.New().Hash()), new SessionNode(session, SessionToken.New().Hash()));
        table.Add(old);

        table.Replace(old, node);

        Assert.That(table.Find(session.Id), Is.SameAs(node));
        Assert.That(table.All(), Is.EqualTo(new[] { node }));
    }

    [Test, Description("V3 T10 a session is found by its id also while its token is rotated")]
    public async Task While_a_node_takes_the_place_of_another_one_of_them_is_found()
    {
        var table = new NodeTable<SessionId, ById>();
        var session = (await new Harness().SignIn()).Session;
        static SessionNode New(Session of) => new(of, SessionToken.New().Hash());
        var old = New(session);
        table.Add(old);
        var ahead = session with { Id = SameFirstPlaceAs(session.Id) };

        var done = false;
        var reading = Task.Factory.StartNew(
            () =>
            {
                var missed = 0;
                while (!Volatile.Read(ref done))
                {
                    missed += table.Find(session.Id) is null ? 1 : 0;
                }

                return missed;
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        for (var round = 0; round < Growing; round++)
        {
            var (first, node) = (New(ahead), New(session));
            table.Add(first);
            table.Replace(old, node);
            table.Remove(first);
            old = node;
        }

        Volatile.Write(ref done, true);
        Assert.That(await reading, Is.Zero);
    }

    /// <summary>An id that a small table keeps in the same list as another one.</summary>
    private static SessionId SameFirstPlaceAs(SessionId id)
    {
        const int places = 64 * 16;
        SessionId other;
        do
        {
            other = SessionId.New(DateTimeOffset.UnixEpoch);
        }
        while ((uint)other.GetHashCode() % places != (uint)id.GetHashCode() % places);
        return other;
    }
}
