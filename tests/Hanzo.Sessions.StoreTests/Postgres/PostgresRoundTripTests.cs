using System.Net;
using Hanzo.Sessions.Postgres;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.StoreTests.Postgres;

/// <summary>How often a call of the manager waits for the server.</summary>
public sealed class PostgresRoundTripTests
{
    private static readonly SessionCaller Caller = SessionCaller.Service("a test");

    private readonly TestClock _clock = new();
    private PostgresDatabase _database = null!;
    private PostgresProxy _proxy = null!;
    private PostgresSessionStore _store = null!;
    private SessionManager _manager = null!;

    [OneTimeSetUp]
    public async Task OpenAsync()
    {
        _database = await PostgresDatabase.CreateAsync();
        _proxy = new PostgresProxy(_database.ConnectionString);
        _store = new PostgresSessionStore(_proxy.ConnectionString, clock: _clock);
        await _store.PrepareAsync();
        _manager = new SessionManager(_store, Options.Create(new HanzoSessionsOptions()), _clock, []);
        await SignInAsync();
    }

    [OneTimeTearDown]
    public async Task CloseAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
            await _proxy.DisposeAsync();
        }
    }

    [Test, Description("V5")]
    public async Task A_validation_is_one_round_trip()
    {
        var issued = await SignInAsync();
        await ExpectAsync(1, async () =>
            Assert.That((await _manager.ValidateAsync(issued.Token.Reveal())).IsActive, Is.True));
    }

    [Test, Description("V5")]
    public async Task A_validation_that_writes_the_activity_is_two_round_trips()
    {
        var issued = await SignInAsync();
        _clock.Advance(TimeSpan.FromMinutes(2));
        await ExpectAsync(2, async () =>
            Assert.That((await _manager.ValidateAsync(issued.Token.Reveal())).IsActive, Is.True));
    }

    [Test, Description("V5")]
    public async Task Validations_at_once_share_round_trips()
    {
        var issued = await SignInAsync();
        await ValidateAsync(2); // The second connection is made, and looked at once.

        await ExpectAsync(4, () => ValidateAsync(34));

        // While nobody may read the table, two go alone; the others have to wait, and go in groups of sixteen.
        async Task ValidateAsync(int validations)
        {
            List<Task<SessionValidation>> answers;
            await using (await _database.HoldAsync("LOCK TABLE hanzo_sessions.sessions"))
            {
                answers = [.. Enumerable.Range(0, validations).Select(_ => _manager.ValidateAsync(issued.Token.Reveal()).AsTask())];
            }

            Assert.That((await Task.WhenAll(answers).WaitAsync(TimeSpan.FromSeconds(30))).Select(answer => answer.IsActive), Is.All.True);
        }
    }

    [Test, Description("C2")]
    public Task A_sign_in_under_a_limit_is_one_round_trip() => ExpectAsync(1, SignInAsync);

    [Test, Description("C2")]
    public async Task A_refused_sign_in_is_two_round_trips()
    {
        var user = User();
        for (var i = 0; i < 10; i++)
        {
            await SignInAsync(user);
        }

        await ExpectAsync(2, () =>
        {
            Assert.That(() => SignInAsync(user), Throws.TypeOf<SessionLimitExceededException>());
            return Task.CompletedTask;
        });
    }

    [Test, Description("C5")]
    public async Task A_sign_in_over_a_live_session_is_two_round_trips()
    {
        var issued = await SignInAsync();
        await ExpectAsync(2, async () => Assert.That((await SignInAsync(User(), issued.Token.Reveal())).Ended, Has.Count.EqualTo(1)));
    }

    [Test, Description("T1 T5")]
    public async Task A_termination_is_one_round_trip()
    {
        var (first, second) = (await SignInAsync(), await SignInAsync());
        await ExpectAsync(1, async () =>
            Assert.That(await _manager.TerminateAsync(SessionScope.AllOrganizations, first.Session.Id, Caller), Is.Not.Null));
        await ExpectAsync(1, async () =>
            Assert.That(await _manager.TerminateAllAsync(second.Session.User, Caller), Has.Count.EqualTo(1)));
    }

    [Test, Description("U2 V5")]
    public async Task A_validation_from_another_place_is_two_round_trips()
    {
        var issued = await _manager.CreateAsync(new NewSession { User = User(), IpAddress = IPAddress.Parse("192.0.2.1") });
        await ExpectAsync(2, async () => Assert.That(
            (await _manager.ValidateAsync(issued.Token.Reveal(), new SessionPlace(IPAddress.Parse("198.51.100.1"), null))).IsActive, Is.True));
        await ExpectAsync(1, async () => Assert.That(
            (await _manager.ValidateAsync(issued.Token.Reveal(), new SessionPlace(IPAddress.Parse("198.51.100.1"), null))).IsActive, Is.True));
    }

    [Test, Description("U7")]
    public async Task Forgetting_a_user_is_one_round_trip()
    {
        var issued = await SignInAsync();
        await ExpectAsync(1, async () => Assert.That(await _manager.ForgetAsync(issued.Session.User, Caller.Actor), Has.Count.EqualTo(1)));
    }

    [Test, Description("T10")]
    public async Task A_rotation_is_one_round_trip()
    {
        var issued = await SignInAsync();
        await ExpectAsync(1, async () => Assert.That(await _manager.RotateAsync(issued.Token.Reveal()), Is.Not.Null));
    }

    [Test, Description("T10")]
    public async Task A_refresh_of_claims_is_one_round_trip()
    {
        var issued = await SignInAsync();
        await ExpectAsync(1, async () => Assert.That(
            await _manager.ReplacePayloadAsync(issued.Token.Reveal(), issued.Session.Payload, new byte[] { 1 })));
    }

    [Test, Description("L3")]
    public async Task A_page_is_one_round_trip_and_two_with_its_total()
    {
        await SignInAsync();
        await SignInAsync();
        var query = new SessionQuery { Filter = new SessionFilter { Scope = SessionScope.AllOrganizations }, Limit = 1, Total = SessionTotalMode.None };
        await ExpectAsync(1, () => _manager.ListAsync(query));
        await ExpectAsync(1, () => _manager.ListRecordsAsync(query));
        await ExpectAsync(2, () => _manager.ListAsync(query with { Total = SessionTotalMode.Capped }));
        await ExpectAsync(2, () => _manager.ListRecordsAsync(query with { Total = SessionTotalMode.Capped }));
    }

    private static SessionUser User() => new("acme", Guid.NewGuid().ToString());

    private Task<IssuedSession> SignInAsync() => SignInAsync(User());

    private Task<IssuedSession> SignInAsync(SessionUser user, string? presentedToken = null) =>
        _manager.CreateAsync(new NewSession { User = user, Application = "shop", PresentedToken = presentedToken });

    private async Task ExpectAsync(int roundTrips, Func<Task> call)
    {
        _proxy.TakeRoundTrips();
        await call();
        Assert.That(_proxy.TakeRoundTrips(), Is.EqualTo(roundTrips));
    }
}
