using System.Text.Encodings.Web;
using Hanzo.Sessions;

/// <summary>The pages of the sample itself.</summary>
internal static class Pages
{
    public static IResult Html(string page, int status = StatusCodes.Status200OK) => new HtmlPage(page, status);

    public static string Login(string? message, string? returnUrl) => Page("Sign in", $"""
        {(message is null ? string.Empty : $"<p role=\"alert\">{Text(message)}</p>")}
        <form method="post" action="/login">
          <p><label>Name <input name="username" autocomplete="username" autocapitalize="none" autocorrect="off" spellcheck="false" enterkeyhint="next" required autofocus></label></p>
          <p><label>Password <input name="password" type="password" autocomplete="current-password" enterkeyhint="go" required></label></p>
          <input type="hidden" name="returnUrl" value="{Text(returnUrl ?? "/")}">
          <button class="main">Sign in</button>
        </form>
        """);

    public static string Home(Session session) => Page("AdminPanel", $"""
        <p>You are <b>{Text(session.User.Name)}</b> of {Text(session.User.Organization)}.</p>
        <p class="quiet">This session lasts until {session.ExpiresAt:u} at most.</p>
        <nav>
        <a href="/account/sessions">My sessions</a>
        <a href="/admin/sessions">All sessions (administrators)</a>
        </nav>
        <form method="post" action="/logout"><button>Sign out</button></form>
        """);

    public static string WhySignedOut(SessionEndReason reason) => reason switch
    {
        SessionEndReason.SignedOut => "You signed out.",
        SessionEndReason.TerminatedByUser => "You were signed out because you ended this session from another device.",
        SessionEndReason.TerminatedByAdmin => "You were signed out because an administrator ended this session.",
        SessionEndReason.Evicted => "You were signed out because you signed in on too many other devices.",
        SessionEndReason.Replaced => "You were signed out because a new sign-in replaced this session.",
        SessionEndReason.IdleTimeout => "You were signed out because you were away for too long.",
        SessionEndReason.Expired => "You were signed out because your session reached its maximum duration.",
        SessionEndReason.PasswordChanged => "You were signed out because your password was changed.",
        SessionEndReason.UserDisabled => "You were signed out because your account was disabled.",
        SessionEndReason.UserDeleted => "You were signed out because your account was deleted.",
        SessionEndReason.Moved => "You were signed out because your session was used from another place.",
        SessionEndReason.NotDelivered => "Your sign-in was interrupted.",
        _ => "You were signed out.",
    };

    private static string Page(string title, string body) => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="stylesheet" href="/site.css">
        <link rel="icon" href="data:,">
        <script src="/return.js"></script>
        <title>{title}</title>
        </head>
        <body>
        <main>
        <h1>{title}</h1>
        {body}
        </main>
        </body>
        </html>
        """;

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
