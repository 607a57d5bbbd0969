using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Sessions.AspNetCore.Tests;

public sealed class SignInPolicyTests
{
    [Test, Description("P1 the values of the policy")]
    public void The_sign_in_policy_has_these_values()
    {
        var options = new IdentityOptions().UseHanzoSignInPolicy();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(options.Password.RequiredLength, Is.EqualTo(12));
            Assert.That(options.Password.RequiredUniqueChars, Is.EqualTo(1));
            Assert.That(options.Password.RequireDigit, Is.False);
            Assert.That(options.Password.RequireLowercase, Is.False);
            Assert.That(options.Password.RequireUppercase, Is.False);
            Assert.That(options.Password.RequireNonAlphanumeric, Is.False);
            Assert.That(options.Lockout.AllowedForNewUsers, Is.True);
            Assert.That(options.Lockout.MaxFailedAccessAttempts, Is.EqualTo(10));
            Assert.That(options.Lockout.DefaultLockoutTimeSpan, Is.EqualTo(TimeSpan.FromMinutes(15)));
        }
    }

    [Test, Description("P1 ten in a row: a right one in between starts the count again")]
    public async Task Nine_wrong_passwords_and_a_right_one_start_the_count_again()
    {
        await using var app = await IdentityApp.StartAsync();
        using var visitor = app.Visitor();
        for (var i = 0; i < 9; i++)
        {
            await IdentityApp.SignInAsync(visitor, "wrong");
        }

        await IdentityApp.SignInAsync(visitor);

        Assert.That((await IdentityApp.AdaAsync(app)).Failures, Is.Zero);
        Assert.That(await visitor.MeAsync(), Is.EqualTo(200));
    }
}
