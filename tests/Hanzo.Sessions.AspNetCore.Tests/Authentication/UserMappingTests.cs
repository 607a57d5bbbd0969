using System.Security.Claims;

namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class UserMappingTests
{
    [TestCase("user=ada&organization=hanzo", "hanzo/ada", Description = "both claims")]
    [TestCase("user=ada", "default/ada", Description = "no organization")]
    [TestCase("claim=sub:s-1", "default/s-1", Description = "no name")]
    [TestCase("user=ada&claim=sub:s-1", "default/ada", Description = "name before sub")]
    [TestCase("claim=organization:&claim=sub:s-1", "default/s-1", Description = "an empty organization is none")]
    [TestCase("claim=organization:a&claim=organization:b&claim=sub:s-1", "a/s-1", Description = "the first of two")]
    [TestCase("claim=http%3A%2F%2Fx:y&claim=sub:a%2Fb", "default/a/b", Description = "a name may hold a slash")]
    [Description("C7 who the user is")]
    public async Task The_user_is_whom_the_principal_names(string query, string user)
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = app.Visitor();

        await visitor.PostAsync("/login?" + query);

        Assert.That((await visitor.GetAsync("/me")).Json.GetProperty("user").GetString(), Is.EqualTo(user));
    }

    [Test, Description("C7 sub, renamed by a handler that renames claims")]
    public async Task A_renamed_sub_is_the_name_too()
    {
        await using var app = await WebHarness.StartAsync(it => it.App = web =>
            web.MapSignInAs(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "s-1")], "oidc"))));
        var visitor = app.Visitor();

        await visitor.PostAsync("/login-as");

        Assert.That((await visitor.GetAsync("/me")).Body, Does.Contain("default/s-1"));
    }

    [Test, Description("C7 the name claim is the identity's own choice")]
    public async Task The_name_is_that_of_the_identitys_own_name_claim()
    {
        await using var app = await WebHarness.StartAsync(it => it.App = web => web.MapSignInAs(new ClaimsPrincipal(
            new ClaimsIdentity([new Claim(ClaimTypes.Name, "no"), new Claim("login", "ada")], "oidc", "login", "role"))));
        var visitor = app.Visitor();

        await visitor.PostAsync("/login-as");

        Assert.That((await visitor.GetAsync("/me")).Body, Does.Contain("default/ada"));
    }

    [Test, Description("C7 the organization of the options")]
    public async Task The_options_name_the_organization_and_the_application_of_those_who_name_none()
    {
        await using var app = await WebHarness.StartAsync(it => it.Sessions = options =>
        {
            options.DefaultOrganization = "acme";
            options.DefaultApplication = "app-acme";
        });
        var visitor = app.Visitor();

        await visitor.PostAsync("/login?user=ada");

        var me = (await visitor.GetAsync("/me")).Json;
        Assert.That(me.GetProperty("user").GetString(), Is.EqualTo("acme/ada"));
        Assert.That(me.GetProperty("application").GetString(), Is.EqualTo("app-acme"));
    }

    [Test, Description("C7 the application of the sign-in's properties")]
    public async Task The_properties_of_a_sign_in_name_the_application()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync(more: "&application=app-mail");

        Assert.That((await visitor.GetAsync("/me")).Json.GetProperty("application").GetString(), Is.EqualTo("app-mail"));
        Assert.That((await visitor.PostAsync("/refresh")).Json.GetProperty("application").GetString(), Is.EqualTo("app-mail"));
    }

    [Test, Description("C7 the host's own mapping")]
    public async Task The_host_can_replace_the_mapping()
    {
        await using var app = await WebHarness.StartAsync(it => it.Token = options =>
            options.MapUser = (principal, organization) => new SessionUser("mapped-" + organization, principal.FindFirst("login")!.Value));
        var visitor = app.Visitor();

        await visitor.PostAsync("/login?user=x&claim=login:ada");

        Assert.That((await visitor.GetAsync("/me")).Body, Does.Contain("mapped-default/ada"));
    }

    [TestCase("claim=organization:hanzo")]
    [TestCase("user=&claim=sub:")]
    [Description("C7 without a name")]
    public async Task A_principal_without_a_name_is_refused_with_what_to_do(string query)
    {
        await using var app = await WebHarness.StartAsync();

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => app.Visitor().PostAsync("/login?" + query));

        Assert.That(fault!.Message, Does.Contain("neither a name nor a 'sub' claim. Set MapUser"));
    }

    [TestCase("user=ada&organization=a%2Fb", "organization")]
    [TestCase("user=a%00b", "name")]
    [TestCase("user=ada&application=a%2Fb", "Application")]
    [Description("I1 out of bounds is an ArgumentException that names the parameter, and no session")]
    public async Task Names_out_of_bounds_make_no_session(string query, string parameter)
    {
        await using var app = await WebHarness.StartAsync();
        var calls = app.Store.Calls;

        var fault = await Assert.ThrowsAsync<ArgumentException>(() => app.Visitor().PostAsync("/login?" + query));

        Assert.That(fault!.ParamName, Is.EqualTo(parameter));
        Assert.That(app.Store.Calls, Is.EqualTo(calls));
    }

    [Test, Description("C1 how the user signed in")]
    public async Task The_session_says_how_the_user_signed_in()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = await app.SignedInAsync(more: "&claim=amr:pwd&claim=amr:otp&claim=amr:pwd");

        Assert.That((await app.StoredAsync(await visitor.SessionIdAsync())).AuthenticationMethods, Is.EqualTo("pwd otp"));
    }

    [Test, Description("C1 the user agent, cut and repaired")]
    public async Task The_session_keeps_512_characters_of_the_user_agent()
    {
        await using var app = await WebHarness.StartAsync();
        var visitor = app.Visitor();
        visitor.UserAgent = new string('x', 600);

        await visitor.SignInAsync();

        Assert.That((await app.StoredAsync(await visitor.SessionIdAsync())).UserAgent, Is.EqualTo(new string('x', 512)));
    }
}
