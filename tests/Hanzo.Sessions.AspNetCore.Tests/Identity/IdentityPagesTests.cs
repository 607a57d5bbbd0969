using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewEngines;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests;

/// <summary>The pages that come with ASP.NET Core Identity, as they are: they call RefreshSignInAsync and nothing of the library.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed partial class IdentityPagesTests(bool protectedCookie)
{
    private string CookieName => protectedCookie ? ".AspNetCore.Identity.Application" : WebHarness.CookieName;

    [Test, Description("T10 T4 after the stock change-password page a copied cookie is dead at its next request")]
    public async Task The_change_password_page_kills_copies_of_the_cookie()
    {
        await using var app = await StartAsync();
        using var visitor = await IdentityApp.SignedInAsync(app);
        using var thief = app.Visitor();
        thief.RawCookie = $"{CookieName}={visitor.Jar[CookieName]}";
        Assert.That(await thief.MeAsync(), Is.EqualTo(200));
        var id = await visitor.SessionIdAsync();

        var changed = await PostPageAsync(visitor, "/Identity/Account/Manage/ChangePassword", new(StringComparer.Ordinal)
        {
            ["Input.OldPassword"] = IdentityApp.Password,
            ["Input.NewPassword"] = IdentityApp.NewPassword,
            ["Input.ConfirmPassword"] = IdentityApp.NewPassword,
        });

        Assert.That(changed.Status, Is.EqualTo(302), changed.Body);
        Assert.That(await thief.MeAsync(), Is.EqualTo(401));
        Assert.That(await visitor.SessionIdAsync(), Is.EqualTo(id));
        Assert.That((await app.StoredAsync(id)).End, Is.Null);
    }

    [Test, Description("T10 C5 after the stock page that confirms a new address, which is the user's name too, the session goes on under that name until its old end")]
    public async Task The_confirm_email_change_page_replaces_the_session_for_the_rest_of_its_time()
    {
        await using var app = await StartAsync();
        using var visitor = await IdentityApp.SignedInAsync(app);
        var id = await visitor.SessionIdAsync();
        var before = await app.StoredAsync(id);
        var (userId, code) = await IdentityApp.UseAsync(app, async users =>
        {
            var ada = (await users.FindByNameAsync("ada"))!;
            return (ada.Id, await users.GenerateChangeEmailTokenAsync(ada, "ada@example.org"));
        });
        app.Clock.Advance(TimeSpan.FromMinutes(20));

        var page = await visitor.GetAsync(QueryHelpers.AddQueryString("/Identity/Account/ConfirmEmailChange", new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["userId"] = userId,
            ["email"] = "ada@example.org",
            ["code"] = WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(code)),
        }));

        Assert.That(page.Body, Does.Contain("Thank you for confirming your email change."));
        var after = await app.StoredAsync(await visitor.SessionIdAsync());
        Assert.That((after.User.Name, after.ExpiresAt, after.AuthenticationMethods), Is.EqualTo(("ada@example.org", before.ExpiresAt, "pwd")));
        Assert.That((await app.EndOfAsync(id))!.Reason, Is.EqualTo(SessionEndReason.Replaced));
    }

    private static async Task<Answer> PostPageAsync(Visitor visitor, string path, Dictionary<string, string> fields)
    {
        var form = await visitor.GetAsync(path);
        Assert.That(form.Status, Is.EqualTo(200), form.Body);
        fields["__RequestVerificationToken"] = WebUtility.HtmlDecode(Token().Match(form.Body).Groups["token"].Value);
        using var content = new FormUrlEncodedContent(fields);
        return await visitor.SendAsync(HttpMethod.Post, path, [], content);
    }

    private Task<WebHarness> StartAsync() => IdentityApp.StartAsync(settings =>
    {
        settings.Authentication = services =>
        {
            var identity = IdentityApp.Add(services).AddDefaultTokenProviders().AddDefaultUI();
            if (protectedCookie)
            {
                services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
                services.AddHanzoSessions().ProtectCookie(IdentityConstants.ApplicationScheme);
            }
            else
            {
                identity.AddHanzoSessionToken();
            }
        };
        settings.Services = services => services.Configure<MvcViewOptions>(options => options.ViewEngines.Insert(0, new EmptyLoginPartial()));
        settings.App += web => web.MapRazorPages();
    });

    /// <summary>The one view that the layout of these pages expects from the app.</summary>
    private sealed class EmptyLoginPartial : IViewEngine, IView
    {
        public string Path => "_LoginPartial";

        public ViewEngineResult FindView(ActionContext context, string viewName, bool isMainPage) =>
            viewName is "_LoginPartial" ? ViewEngineResult.Found(viewName, this) : ViewEngineResult.NotFound(viewName, []);

        public ViewEngineResult GetView(string? executingFilePath, string viewPath, bool isMainPage) =>
            ViewEngineResult.NotFound(viewPath, []);

        public Task RenderAsync(ViewContext context) => Task.CompletedTask;
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
