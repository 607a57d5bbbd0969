using System.Diagnostics;
using Hanzo.Sessions.Benchmarks.Harness;
using static Hanzo.Sessions.Benchmarks.Harness.Outcome;

namespace Hanzo.Sessions.Benchmarks.Topics;

/// <summary>What millions of sessions in memory take, and whether they make one of them slower.</summary>
internal sealed class InMemorySize : ITopic
{
    private const string Bytes = "memory of 1,000,000 sessions, in memory";
    private const string List = "list a user, in memory, among 5,000,000";
    private const string Terminate = "terminate all of a user, in memory, among 5,000,000";
    private const string Validate = "validate, in memory, among 5,000,000";
    private const string CleanUp = "clean-up of a minute, in memory, among 5,000,000";
    private const int Few = 100_000;

    public IReadOnlyList<string> Works { get; } = [Bytes, List, Terminate, Validate, CleanUp];

    public async Task RunAsync(Run run)
    {
        if (run.Wants(Bytes))
        {
            await MeasureBytesAsync(run);
        }

        if (!Works.Skip(1).Any(run.Wants))
        {
            return;
        }

        var many = run.IsQuick ? 1_000_000 : 5_000_000;
        var few = await World.FillAsync(Few);
        var much = await World.FillAsync(many);
        await CompareAsync(run, List, few, much, world => world.ListAsync());
        await CompareAsync(run, Validate, few, much, world => world.ValidateAsync());
        await CompareAsync(run, Terminate, few, much, world => world.TerminateAsync(), world => world.RefillAsync(), run.Effort.InLongTurns);
        if (run.Wants(CleanUp))
        {
            await MeasureCleanUpAsync(run, few, much);
        }
    }

    private static async Task MeasureBytesAsync(Run run)
    {
        const int sessions = 1_000_000;
        var lines = new List<Line>();
        var perSession = 0.0;
        foreach (var perUser in (int[])[4, 1])
        {
            var strings = StringBytes(sessions, perUser);
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var store = Population.InMemory();
            for (var i = 0; i < sessions; i++)
            {
                await store.CreateAsync(Population.Session(i, TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(1), perUser: perUser));
            }

            var taken = (double)(GC.GetTotalMemory(forceFullCollection: true) - before - strings) / sessions;
            GC.KeepAlive(store);
            perSession = perUser == 4 ? taken : perSession;
            lines.Add(new Line($"{perUser} sessions of each user, without the user's name", perUser == 4 ? Role.Ours : Role.Rival, FormattableString.Invariant($"{taken:0} B")));
        }

        run.Add(new Row(Bytes, lines, [new Verdict("at most 300 bytes each beyond the strings", FormattableString.Invariant($"{perSession:0} B"), perSession <= 300)]));
    }

    // What is not shared: each user's name.
    private static long StringBytes(int sessions, int perUser) =>
        Enumerable.Range(0, sessions / perUser).Sum(user => (22L + (Population.User(user).Name.Length * 2) + 7) / 8 * 8);

    private static Task CompareAsync(
        Run run, string work, World few, World much, Func<World, Task> measured, Func<World, Task>? prepare = null, Effort? special = null) =>
        run.CompareAsync(
            work,
            [
                Contest("among many", Role.Ours, much, measured, prepare),
                Contest("among 100,000", Role.Floor, few, measured, prepare),
            ],
            [Target.AtMost(2, "among 100,000")],
            special: special);

    private static Contestant Contest(string name, Role role, World world, Func<World, Task> measured, Func<World, Task>? prepare) =>
        new(name, role, async times =>
        {
            for (var i = 0; i < times; i++)
            {
                await measured(world);
            }
        })
        {
            Prepare = prepare is null ? null : async times =>
            {
                world.Rewind();
                for (var i = 0; i < times; i++)
                {
                    await prepare(world);
                }

                world.Rewind();
            },
            Most = 10_000,
        };

    private static async Task MeasureCleanUpAsync(Run run, World few, World much)
    {
        // The other rows run until the code is compiled as well as it gets; here a day among the few sees to that.
        for (var minute = 1; minute <= 24 * 60; minute++)
        {
            await few.CleanUpAsync(minute);
        }

        var minutes = new List<double>();
        var ended = 0;
        for (var minute = 1; minute <= 15; minute++)
        {
            var start = Stopwatch.GetTimestamp();
            ended = await much.CleanUpAsync(minute);
            minutes.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }

        var median = minutes.Order().ElementAt(minutes.Count / 2);
        run.Add(new Row(
            CleanUp,
            [
                new Line(FormattableString.Invariant($"ending {ended:#,0} sessions, in steps of 500"), Role.Ours, Format.Time(median)),
                new Line("the longest minute of 15", Role.Ours, Format.Time(minutes.Max())),
                new Line("for one session", Role.Ours, Format.Time(median / ended)),
            ],
            [new Verdict("at most 2 ms", Format.Time(median), median <= 2e6)]));
    }

    /// <summary>A store full of sessions whose ends are spread over a day, and places in it that are far apart.</summary>
    private sealed class World
    {
        private static readonly SessionEnd End = new(TimeProvider.System.GetUtcNow().AddMinutes(1), SessionEndReason.TerminatedByAdmin, SessionActor.Service("benchmark"));

        private readonly List<string> _tokens = [];
        private readonly SessionManager _manager;
        private int _users;
        private int _next;

        private World(InMemorySessionStore store)
        {
            Store = store;
            _manager = Population.Manager(store);
        }

        public InMemorySessionStore Store { get; }

        public DateTimeOffset FirstEnd { get; private set; }

        public static async Task<World> FillAsync(int sessions)
        {
            var world = new World(Population.InMemory()) { _users = sessions / Population.PerUser };
            var now = TimeProvider.System.GetUtcNow();
            world.FirstEnd = now.AddHours(2);
            var step = TimeSpan.FromDays(1).Ticks / sessions;
            for (var i = 0; i < sessions; i++)
            {
                var creation = Population.Session(i, now, TimeSpan.FromDays(2));

                // Not in the order of creation: neighbours in time are not neighbours in memory.
                var end = world.FirstEnd.AddTicks((long)i * 7919 % sessions * step);
                creation = creation with { Session = creation.Session with { ExpiresAt = end } };
                if (i % (sessions / 2_000) == 0)
                {
                    var token = SessionToken.New();
                    creation = creation with { TokenHash = token.Hash() };
                    world._tokens.Add(token.Reveal());
                }

                await world.Store.CreateAsync(creation);
            }

            return world;
        }

        public void Rewind() => _next = 0;

        public async Task ListAsync()
        {
            var query = new SessionQuery { Filter = SessionFilter.Of(Population.User(NextUser())), Total = SessionTotalMode.None };
            Must((await _manager.ListAsync(query)).Items.Count == Population.PerUser);
        }

        public async Task ValidateAsync() => Must((await _manager.ValidateAsync(_tokens[_next++ % _tokens.Count])).IsActive);

        public async Task TerminateAsync() =>
            Must((await Store.TerminateAsync(new() { Filter = SessionFilter.Of(Population.User(NextUser())), End = End })).Ended.Count == Population.PerUser);

        /// <summary>Ends what is due at that minute, and answers how many sessions that were.</summary>
        public async Task<int> CleanUpAsync(int minute)
        {
            var ended = 0;
            IReadOnlyList<EndedSession> batch;
            do
            {
                batch = await Store.ExpireBatchAsync(FirstEnd.AddMinutes(minute), 500);
                ended += batch.Count;
            }
            while (batch.Count == 500);

            return ended;
        }

        /// <summary>Gives the next user the sessions back that an earlier turn has ended.</summary>
        public async Task RefillAsync()
        {
            var user = NextUser();
            var missing = Population.PerUser - (await Store.ListAsync(
                new SessionQuery { Filter = SessionFilter.Of(Population.User(user)) }.Resolve(SessionView.Sessions), TimeProvider.System.GetUtcNow())).Count;
            for (var i = 0; i < missing; i++)
            {
                await Store.CreateAsync(Population.Session((user * Population.PerUser) + i, TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(1)));
            }
        }

        private int NextUser() => (int)((long)_next++ * 7919 % _users);
    }
}
