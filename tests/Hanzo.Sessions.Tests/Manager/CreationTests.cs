using System.Net;

namespace Hanzo.Sessions.Tests;

public sealed class CreationTests
{
    [Test, Description("C1 what a session holds")]
    public async Task A_session_holds_who_where_how_and_until_when()
    {
        var it = new Harness();

        var session = (await it.Manager.CreateAsync(new NewSession
        {
            User = Ada,
            Application = App,
            IpAddress = IPAddress.Parse("203.0.113.7"),
            UserAgent = "curl/8.14.1",
            AuthenticationMethods = "pwd otp",
            Payload = new byte[] { 1, 2, 3 },
        })).Session;

        Assert.Multiple(() =>
        {
            Assert.That(session.User, Is.EqualTo(Ada));
            Assert.That(session.Application, Is.EqualTo(App));
            Assert.That(session.IpAddress, Is.EqualTo("203.0.113.7"));
            Assert.That(session.UserAgent, Is.EqualTo("curl/8.14.1"));
            Assert.That(session.AuthenticationMethods, Is.EqualTo("pwd otp"));
            Assert.That(session.CreatedAt, Is.EqualTo(it.Now));
            Assert.That(session.LastActiveAt, Is.EqualTo(it.Now));
            Assert.That(session.IdleTimeout, Is.EqualTo(TimeSpan.FromMinutes(60)));
            Assert.That(session.ExpiresAt, Is.EqualTo(it.Now.AddHours(24)));
            Assert.That(session.ActiveUntil, Is.EqualTo(it.Now.AddHours(1)));
            Assert.That(session.Payload.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
            Assert.That(session.End, Is.Null);
        });
    }

    [Test, Description("C1 V1 what is stored is what was returned")]
    public async Task Validation_answers_with_the_session_that_create_returned()
    {
        var it = new Harness();
        var issued = await it.SignIn(ip: "203.0.113.7");

        var answer = await it.Validate(issued);

        Assert.That(answer.IsActive);
        Assert.That(answer.Session! with { Payload = default }, Is.EqualTo(issued.Session with { Payload = default }));
    }

    [Test, Description("C1 what is not known is null")]
    public async Task What_a_sign_in_does_not_say_is_null()
    {
        var session = (await new Harness().Manager.CreateAsync(new NewSession { User = Ada })).Session;

        Assert.That(session, Has.Property(nameof(session.IpAddress)).Null
            .And.Property(nameof(session.IpNetwork)).Null
            .And.Property(nameof(session.UserAgent)).Null
            .And.Property(nameof(session.AuthenticationMethods)).Null
            .And.Property(nameof(session.KeepHistoryUntil)).Null);
        Assert.That(session.Payload.IsEmpty);
    }

    [Test, Description("C1 the token is returned once, every one is fresh")]
    public async Task Every_sign_in_gets_a_token_and_an_id_of_its_own()
    {
        var issued = await new Harness().SignIn(10);

        Assert.That(issued.Select(it => it.Token.Reveal()), Is.Unique);
        Assert.That(Ids(issued), Is.Unique);
    }

    [Test, Description("C1 a store that says a fresh token exists is a failure, unless it is this very session")]
    public async Task A_fresh_token_that_exists_is_a_failure_unless_it_is_this_very_session([Values] bool same)
    {
        var other = TestSessions.Of(Ben).Session;
        var store = new Mock<ISessionStore>();
        store.Setup(mock => mock.CreateAsync(It.IsAny<SessionCreation>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((SessionCreation creation, CancellationToken _) => new SessionCreationResult
            {
                Outcome = SessionCreationOutcome.AlreadyExists,
                Existing = same ? creation.Session : other,
            });
        var it = new Harness(wrap: _ => store.Object);

        if (same)
        {
            Assert.That((await it.SignIn()).Session.User, Is.EqualTo(Ada));
        }
        else
        {
            await Assert.ThatAsync(() => it.SignIn(), Throws.InvalidOperationException.With.Message.Contains("a fresh token exists"));
        }
    }

    [Test, Description("C1 the token cannot be obtained again")]
    public void Nothing_that_can_be_read_again_has_a_token()
    {
        var readable = new[] { typeof(Session), typeof(SessionRecord), typeof(SessionValidation), typeof(EndedSession) };

        Assert.That(
            readable.SelectMany(type => type.GetProperties()).Select(property => property.PropertyType),
            Has.None.EqualTo(typeof(SessionToken)));
    }

    [Test, Description("C1 instants are whole milliseconds")]
    public async Task Instants_are_whole_milliseconds_in_utc_whatever_clock_and_policy_say()
    {
        var it = new Harness(options =>
        {
            options.IdleTimeout = TimeSpan.FromMinutes(100) / 7;
            options.AbsoluteTimeout = TimeSpan.FromHours(100) / 7;
        });
        it.Clock.Advance(TimeSpan.FromTicks(12_345));

        var session = (await it.SignIn()).Session;

        Assert.That(
            new[] { session.CreatedAt, session.LastActiveAt, session.ExpiresAt, session.ActiveUntil }
                .Select(instant => (instant.Ticks % TimeSpan.TicksPerMillisecond, instant.Offset)),
            Has.All.EqualTo((0L, TimeSpan.Zero)));
        Assert.That(session.IdleTimeout.Ticks % TimeSpan.TicksPerMillisecond, Is.Zero);
    }

    [Test, Description("C7 the application comes from the options when the sign-in names none")]
    public async Task A_sign_in_that_names_no_application_is_for_the_default_one()
    {
        var it = new Harness(options => options.DefaultApplication = "portal");

        Assert.That((await it.SignIn(application: null)).Session.Application, Is.EqualTo("portal"));
    }

    [Test, Description("C8 at most 32 KiB")]
    public async Task A_payload_of_32_KiB_is_kept()
    {
        var it = new Harness();
        var payload = Enumerable.Range(0, 32 * 1024).Select(i => (byte)i).ToArray();

        var issued = await it.Manager.CreateAsync(new NewSession { User = Ada, Payload = payload });

        Assert.That((await it.Validate(issued)).Session!.Payload.ToArray(), Is.EqualTo(payload));
    }

    [Test, Description("C8 larger is refused at create")]
    public async Task A_payload_of_one_byte_more_is_refused_before_the_store_sees_it()
    {
        var store = new Mock<ISessionStore>(MockBehavior.Strict);
        var it = new Harness(wrap: _ => store.Object);

        var refusal = await Assert.ThrowsAsync<SessionPayloadTooLargeException>(
            () => it.Manager.CreateAsync(new NewSession { User = Ada, Payload = new byte[(32 * 1024) + 1] }));

        Assert.That(refusal!.Message, Does.StartWith("The payload has 32769 bytes; it may have at most 32768."));
        Assert.That(refusal.Size, Is.EqualTo(32_769));
    }

    [Test, Description("C8 the payload is opaque and the session's own")]
    public async Task A_payload_is_a_copy_that_the_caller_cannot_change_afterwards()
    {
        var it = new Harness();
        var payload = new byte[] { 1, 2, 3 };
        var issued = await it.Manager.CreateAsync(new NewSession { User = Ada, Payload = payload });
        payload[0] = 99;

        Assert.That((await it.Validate(issued)).Session!.Payload.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [TestCase(-1, false, Description = "C6 an end in the past is refused")]
    [TestCase(0, false, Description = "C6 an end at this instant is refused")]
    [TestCase(1, true, Description = "C6 an end one millisecond ahead shortens")]
    public async Task An_end_given_by_the_host_must_lie_ahead(int milliseconds, bool accepted)
    {
        var it = new Harness();
        var wished = it.Now.AddMilliseconds(milliseconds);
        var newSession = new NewSession { User = Ada, ExpiresAt = wished };

        if (accepted)
        {
            Assert.That((await it.Manager.CreateAsync(newSession)).Session.ExpiresAt, Is.EqualTo(wished));
        }
        else
        {
            var refusal = await Assert.ThrowsAsync<ArgumentException>(() => it.Manager.CreateAsync(newSession));
            Assert.That(refusal!.Message, Does.StartWith($"ExpiresAt is {wished:O}; it must be after now, {it.Now:O}."));
        }
    }

    [TestCase(-1, -1, Description = "C6 one millisecond earlier than the policy's end shortens")]
    [TestCase(0, 0, Description = "C6 the policy's end itself")]
    [TestCase(1, 0, Description = "C6 one millisecond later changes nothing")]
    public async Task An_end_given_by_the_host_can_only_shorten(int wished, int expected)
    {
        var it = new Harness();
        var policyEnd = it.Now.AddHours(24);

        var issued = await it.Manager.CreateAsync(new NewSession { User = Ada, ExpiresAt = policyEnd.AddMilliseconds(wished) });

        Assert.That(issued.Session.ExpiresAt, Is.EqualTo(policyEnd.AddMilliseconds(expected)));
    }

    [Test, Description("C6 an end in another time zone is the same instant")]
    public async Task An_end_given_with_an_offset_is_the_same_instant_in_utc()
    {
        var it = new Harness();
        var wished = it.Now.AddHours(2).ToOffset(TimeSpan.FromHours(5));

        var issued = await it.Manager.CreateAsync(new NewSession { User = Ada, ExpiresAt = wished });

        Assert.That(issued.Session.ExpiresAt.Offset, Is.EqualTo(TimeSpan.Zero));
        Assert.That(issued.Session.ExpiresAt, Is.EqualTo(wished));
    }

    [TestCase(119_999, SessionStatus.Active, Description = "C6 one millisecond before the given end")]
    [TestCase(120_000, SessionStatus.Expired, Description = "C6 exactly at the given end")]
    public async Task A_session_is_over_at_the_end_that_the_host_gave(int milliseconds, SessionStatus status)
    {
        var it = new Harness();
        var issued = await it.Manager.CreateAsync(new NewSession { User = Ada, ExpiresAt = it.Now.AddMinutes(2) });
        it.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        Assert.That(await it.StatusOf(issued), Is.EqualTo(status));
    }

    [Test, Description("C1 cancelled before: nothing is created")]
    public async Task A_create_that_was_cancelled_before_creates_nothing()
    {
        var it = new Harness();

        await Assert.ThatAsync(
            () => it.Manager.CreateAsync(new NewSession { User = Ada }, new CancellationToken(true)),
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That(await it.ActiveIds(), Is.Empty);
        Assert.That(it.Observed.Created, Is.Empty);
    }
}
