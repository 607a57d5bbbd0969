using Hanzo.Sessions;
using Hanzo.Sessions.AspNetCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

/// <summary>Sign-in, sign-out, and the signed-in user.</summary>
internal static class SignInEndpoints
{
    private const string Wrong = "The name or password is wrong, or there were too many failed attempts.";

    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", (HttpContext http) => Pages.Html(Pages.Home(http.GetCurrentSession()!))).RequireAuthorization();
        app.MapGet("/login", Show);
        app.MapPost("/login", SignInAsync).DisableAntiforgery();
        app.MapPost("/logout", SignOutAsync);
        app.MapPost("/api/token", IssueTokenAsync).DisableAntiforgery();
        app.MapGet("/api/me", (HttpContext http) => http.GetCurrentSession() is { } session
            ? Results.Json(Me.Of(session))
            : Results.Problem(statusCode: StatusCodes.Status401Unauthorized));
    }

    private static IResult Show(HttpContext http, string? returnUrl)
    {
        var end = http.TakeEndedSession();
        return Pages.Html(Pages.Login(end is null ? null : Pages.WhySignedOut(end.Reason), returnUrl));
    }

    private static async Task<IResult> SignInAsync(
        HttpContext http,
        SignInManager<AppUser> signIn,
        [FromForm] string username,
        [FromForm] string password,
        [FromForm] string? returnUrl)
    {
        if (IsFromAnotherSite(http))
        {
            return Refused(http, StatusCodes.Status403Forbidden, "This form was sent by another site.", returnUrl);
        }

        try
        {
            var result = await signIn.PasswordSignInAsync(username, password, isPersistent: false, lockoutOnFailure: true);
            if (!result.Succeeded)
            {
                return Refused(http, StatusCodes.Status401Unauthorized, Wrong, returnUrl);
            }
        }
        catch (SessionLimitExceededException refusal)
        {
            return Refused(http, StatusCodes.Status409Conflict, TooMany(refusal), returnUrl);
        }

        return WantsPage(http) ? Results.LocalRedirect(LocalPath(returnUrl)) : Results.Json(Me.Of(http.GetCurrentSession()!));
    }

    /// <summary>For programs and phones: returns the token, which they send as <c>Authorization: Bearer</c>.</summary>
    private static async Task<IResult> IssueTokenAsync(
        HttpContext http, UserManager<AppUser> users, SignInManager<AppUser> signIn, [FromForm] string username, [FromForm] string password)
    {
        if (IsFromAnotherSite(http))
        {
            return FromAnotherSite();
        }

        var user = await users.FindByNameAsync(username);
        if (user is null || !(await signIn.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true)).Succeeded)
        {
            return Results.Problem(Wrong, statusCode: StatusCodes.Status401Unauthorized);
        }

        try
        {
            var issued = await http.IssueSessionTokenAsync(await signIn.CreateUserPrincipalAsync(user));
            return Results.Json(new { token = issued.Token.Reveal(), sessionId = issued.Session.Id, expiresAt = issued.Session.ExpiresAt });
        }
        catch (SessionLimitExceededException refusal)
        {
            return Results.Problem(TooMany(refusal), statusCode: StatusCodes.Status409Conflict);
        }
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, SignInManager<AppUser> signIn)
    {
        if (IsFromAnotherSite(http))
        {
            return FromAnotherSite();
        }

        await signIn.SignOutAsync();
        return WantsPage(http) ? Results.LocalRedirect("/login") : Results.NoContent();
    }

    private static IResult FromAnotherSite() =>
        Results.Problem("This request was sent by another site.", statusCode: StatusCodes.Status403Forbidden);

    private static IResult Refused(HttpContext http, int status, string message, string? returnUrl) => WantsPage(http)
        ? Pages.Html(Pages.Login(message, returnUrl), status)
        : Results.Problem(message, statusCode: status);

    private static string TooMany(SessionLimitExceededException refusal) =>
        $"You are signed in {refusal.ActiveSessions.Count} times; the limit is {refusal.Limit.MaxSessions}. "
        + "Your password is correct: sign out on another device and try again.";

    private static bool WantsPage(HttpContext http) =>
        http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    // Browsers that send no Sec-Fetch-Site (old ones, and all over plain HTTP except to localhost) send an Origin; programs send neither.
    private static bool IsFromAnotherSite(HttpContext http)
    {
        var (site, origin) = (http.Request.Headers["Sec-Fetch-Site"].ToString(), http.Request.Headers.Origin.ToString());
        return site.Length > 0
            ? site is not ("same-origin" or "none")
            : origin.Length > 0 && !string.Equals(origin, $"{http.Request.Scheme}://{http.Request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    // "//host" and "/\host" are addresses of other hosts, and a header takes only printable ASCII.
    private static string LocalPath(string? returnUrl) =>
        returnUrl is ['/', ..] and not ['/', '/' or '\\', ..] && returnUrl.All(character => character is > ' ' and <= '~') ? returnUrl : "/";

    private sealed record Me(string Organization, string User, string SessionId)
    {
        public static Me Of(Session session) => new(session.User.Organization, session.User.Name, session.Id.ToString());
    }
}
