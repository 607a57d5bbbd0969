using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.Tests;

/// <summary>A user of many sessions is not counted session by session: the count must be the same all the same.</summary>
public sealed class UserNetworksTests
{
    private InMemorySessionStore _store = null!;
    private List<SessionCreation> _created = [];

    [SetUp]
    public void Begin() => (_store, _created) = (new InMemorySessionStore(Options.Create(new HanzoSessionsOptions())), []);

    [Test, Description("A1")]
    public async Task The_networks_of_a_user_of_many_sessions_are_those_of_the_active_ones_whatever_has_happened()
    {
        var random = new Random(20260101);
        var now = new TestClock().GetUtcNow();
        for (var step = 0; step < 1_500; step++)
        {
            switch (random.Next(10))
            {
                case 0:
                    now += TimeSpan.FromSeconds(random.Next(20));
                    break;
                case 1 when step % 7 == 0:
                    now -= TimeSpan.FromSeconds(random.Next(200));
                    break;
                case 2:
                    var ended = Any(random).Session;
                    await _store.TerminateAsync(
                        SessionFilter.Of(Ada) with { Id = ended.Id }, new SessionEnd(now, SessionEndReason.TerminatedByAdmin, Service.Actor));
                    break;
                case 3 or 4:
                    await _store.TouchAsync([Any(random).Session.TouchAt(now - TimeSpan.FromSeconds(random.Next(60)))]);
                    break;
                case 5:
                    var presented = Any(random);
                    await _store.RotateAsync(new SessionRotation(presented.TokenHash, SessionToken.New().Hash(), null, now));
                    break;
                case 6 when step % 5 == 0:
                    await _store.ExpireBatchAsync(now, 20);
                    break;
                default:
                    await AssertCounted(random, now);
                    break;
            }
        }

        Assert.That((await _store.ListAsync(OfAda, now)), Has.Count.GreaterThan(64), "few sessions are counted in another way");
    }

    [Test, Description("A1")]
    public async Task The_networks_of_a_user_of_many_sessions_become_fewer_as_time_passes()
    {
        var random = new Random(20260102);
        var start = new TestClock().GetUtcNow();
        for (var minute = 0; minute < 60; minute++)
        {
            // So many that there are always more than the 64 that are counted one by one.
            var now = start.AddMinutes(minute);
            for (var i = 0; i < (minute == 0 ? 100 : 8); i++)
            {
                await AssertCounted(random, now);
            }

            await _store.TouchAsync([Any(random).Session.TouchAt(now), Any(random).Session.TouchAt(now)]);
        }

        Assert.That((await _store.ListAsync(OfAda, start.AddMinutes(59))), Has.Count.InRange(65, 200));
    }

    private static SessionQuery OfAda => new SessionQuery { Filter = SessionFilter.Of(Ada), Limit = 500 }.Resolve(SessionView.Sessions);

    private SessionCreation Any(Random random) => _created.Count == 0 ? New(random, new TestClock().GetUtcNow()) : _created[random.Next(_created.Count)];

    private static SessionCreation New(Random random, DateTimeOffset now) => TestSessions.Of(Ada).At(now)
        .From($"192.0.2.{random.Next(40)}")
        .Lasting(TimeSpan.FromMinutes(random.Next(5, 30)), TimeSpan.FromHours(2));

    private async Task AssertCounted(Random random, DateTimeOffset now)
    {
        var creation = New(random, now);
        if (_created.Count > 0 && random.Next(4) == 0)
        {
            creation = creation.Over(Any(random).TokenHash);
        }

        var before = await Networks(now);
        var result = await _store.CreateAsync(creation);
        _created.Add(creation);

        Assert.That((result.NetworksBefore, result.Networks), Is.EqualTo((before, await Networks(now))));
    }

    private async Task<int> Networks(DateTimeOffset now) =>
        (await _store.ListAsync(OfAda, now)).Select(session => session.IpNetwork).Distinct(StringComparer.Ordinal).Count();
}
