using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hanzo.Sessions.AspNetCore.Tests.Secrets;

/// <summary>A leak that the search must find, and where.</summary>
/// <param name="Name">What leaks.</param>
/// <param name="Hit">What the search says.</param>
/// <param name="Plant">Puts the leak into the host.</param>
/// <param name="Around">Puts the leak around the store.</param>
internal sealed record SecretMutant(
    string Name, string Hit, Action<WebSettings>? Plant = null, Func<ISessionStore, ISessionStore>? Around = null)
{
    private static readonly Counter<long> Requests = new Meter("a careless host").CreateCounter<long>("requests");
    private static readonly Action<ILogger, string, Exception?> LogSeen =
        LoggerMessage.Define<string>(LogLevel.Trace, new EventId(1), "Seen: {Seen}");

    public static IReadOnlyList<SecretMutant> All { get; } =
    [
        new("an observer logs the hash of an ended session", "log: hash in hex", settings => settings.Services += services => services.AddSingleton<ISessionObserver, Talkative>()),
        new("a middleware logs the Cookie header", "log: token", OnRequest((http, token) =>
            LogSeen(http.RequestServices.GetRequiredService<ILogger<SecretMutant>>(), token, null))),
        new("a meter has the token in a tag", "metric: token", OnRequest((_, token) => Requests.Add(1, new KeyValuePair<string, object?>("client", token)))),
        new("a span has the token in a tag", "trace: token", OnRequest((_, token) => Activity.Current?.SetTag("cookie", token))),
        new("a header of the answer repeats the token", "answer: token", OnRequest((http, token) => http.Response.Headers["X-Token"] = token)),
        new("the store writes the hash where the user agent belongs", "table: hash in base64", Around: store => new Writes(store, (session, hash) => session with { UserAgent = hash })),
        new("the store writes the hash into the payload", "table: hash in base64", Around: store => new Writes(store, (session, hash) => session with { Payload = Encoding.UTF8.GetBytes(hash) })),
        new("the store's failure names the hash", "exception: hash in hex", Around: store => new Fails(store)),
    ];

    public override string ToString() => Name;

    private static Action<WebSettings> OnRequest(Action<HttpContext, string> leak) => settings => settings.App += app => app.Use((http, next) =>
    {
        if (http.Request.Cookies[WebHarness.CookieName] is { } token)
        {
            leak(http, token);
        }

        return next(http);
    });

    private sealed class Talkative(ILogger<Talkative> logger) : ISessionObserver
    {
        public ValueTask OnEndedAsync(EndedSession session, CancellationToken cancellationToken)
        {
            var hash = Convert.ToHexString(session.TokenHash.ToArray());
            LogSeen(logger, hash, null);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Writes(ISessionStore inner, Func<Session, string, Session> write) : DelegatingSessionStore(inner)
    {
        public override Task<SessionCreationResult> CreateAsync(SessionCreation creation, CancellationToken cancellationToken = default) =>
            base.CreateAsync(
                creation with { Session = write(creation.Session, Convert.ToBase64String(creation.TokenHash.ToArray())) }, cancellationToken);
    }

    private sealed class Fails(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override Task<Session?> RotateAsync(SessionRotation rotation, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException($"duplicate key {Convert.ToHexString(rotation.Next.ToArray())}, was {Convert.ToHexString(rotation.Current.ToArray())}");
    }
}
