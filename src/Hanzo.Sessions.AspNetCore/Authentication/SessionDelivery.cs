using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// The way of a fresh token to its client. An error page clears the headers of the response: the cookie is set again. A session
/// whose token never left the server ends, because no client has it.
/// </summary>
internal sealed class SessionDelivery
{
    private readonly HttpContext _http;
    private readonly SessionManager _sessions;
    private readonly ILogger _logger;
    private readonly Session _session;
    private readonly bool _isInBody;
    private readonly bool _beganInErrorPage;
    private string _cookieName = string.Empty;
    private string?[] _cookies = [];
    private bool _isOver;
    private bool _hasLeft;
    private bool _wasAbortedAtStart;

    private SessionDelivery(HttpContext http, SessionManager sessions, ILogger logger, IssuedSession issued, bool isInBody)
    {
        (_http, _sessions, _logger, _session, _isInBody) = (http, sessions, logger, issued.Session, isInBody);
        Token = issued.Token;
        _beganInErrorPage = IsErrorPage(http);
    }

    /// <summary>The token that is on its way.</summary>
    public SessionToken Token { get; }

    /// <summary>Refuses what needs the headers of a response that has started. Call it before anything is stored.</summary>
    public static void RequireNotStarted(HttpContext http)
    {
        if (http.Response.HasStarted)
        {
            throw new InvalidOperationException(
                "The response has started, so it cannot carry the cookie or the token of a session. Nothing was changed. Sign in, "
                + "refresh and change passwords before the response starts: in an endpoint or a page, not in an interactive component.");
        }
    }

    /// <summary>Begins the delivery of a session that was just stored. An earlier one of this scheme and request is over.</summary>
    public static SessionDelivery Begin(
        HttpContext http, string scheme, SessionManager sessions, ILogger logger, IssuedSession issued, bool isInBody = false)
    {
        Cancel(http, scheme);
        var delivery = new SessionDelivery(http, sessions, logger, issued, isInBody);
        http.Items[KeyOf(scheme)] = delivery;
        http.Response.OnStarting(delivery.StartAsync);
        http.Response.OnCompleted(delivery.CompleteAsync);
        return delivery;
    }

    /// <summary>The delivery that is under way; null if there is none.</summary>
    public static SessionDelivery? Of(HttpContext http, string scheme) =>
        http.Items[KeyOf(scheme)] is SessionDelivery { _isOver: false } delivery ? delivery : null;

    /// <summary>Stops the delivery: the session has ended, or another one takes its place.</summary>
    public static void Cancel(HttpContext http, string scheme)
    {
        if (Of(http, scheme) is { } delivery)
        {
            delivery._isOver = true;
        }
    }

    /// <summary>Keeps the cookie that the response has now, for a response that is cleared afterward.</summary>
    public void KeepCookie(string name) => (_cookieName, _cookies) = (name, SetCookieHeader.Of(_http.Response, name));

    private Task StartAsync()
    {
        if (_isOver)
        {
            return Task.CompletedTask;
        }

        if (_isInBody)
        {
            _hasLeft = !IsErrorPage(_http) || _beganInErrorPage;
        }
        else if (_cookies.Length > 0)
        {
            _hasLeft = true;
            if (!SetCookieHeader.Has(_http.Response, _cookieName))
            {
                _http.Response.Headers.SetCookie = StringValues.Concat(_http.Response.Headers.SetCookie, _cookies);
                _http.Response.Headers.CacheControl = "no-store";
            }
        }

        // The token of a request timeout may be cancelled although the client is still there.
        _wasAbortedAtStart = _http.RequestAborted.IsCancellationRequested && _http.Features.Get<IHttpRequestTimeoutFeature>() is null;
        return Task.CompletedTask;
    }

    private async Task CompleteAsync()
    {
        if (_isOver || (_hasLeft && !(_wasAbortedAtStart && _http.RequestAborted.IsCancellationRequested)))
        {
            return;
        }

        try
        {
            await _sessions.EndUndeliveredAsync(_session);
        }
        catch (Exception fault)
        {
            Log.UndeliveredNotEnded(_logger, _session.Id, fault);
        }
    }

    private static bool IsErrorPage(HttpContext http) => http.Features.Get<IExceptionHandlerFeature>() is not null;

    private static object KeyOf(string scheme) => (typeof(SessionDelivery), scheme);
}
