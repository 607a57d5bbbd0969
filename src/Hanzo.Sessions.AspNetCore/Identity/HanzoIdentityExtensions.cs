using System.Diagnostics.CodeAnalysis;
using Hanzo.Sessions.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Connects sessions to ASP.NET Core Identity.</summary>
public static class HanzoIdentityExtensions
{
    /// <summary>
    /// Makes sessions the application scheme of Identity: <c>SignInManager</c> signs in, signs out and refreshes through
    /// them. Write <c>AddIdentityCore&lt;TUser&gt;().AddSignInManager().AddHanzoSessionToken()</c>. This also adds Identity's
    /// helper cookies (external sign-in, two factors).
    /// </summary>
    /// <param name="builder">The result of <c>AddIdentityCore</c>, not of <c>AddIdentity</c>, which adds its own cookie.</param>
    /// <param name="configure">Changes settings; null for the defaults.</param>
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "The user type is a class, and all classes share one compiled SecurityStampCheck.")]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "SecurityStampCheck has only the parameterless constructor.")]
    public static IdentityBuilder AddHanzoSessionToken(
        this IdentityBuilder builder, Action<HanzoSessionTokenOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<AuthenticationOptions>(RefuseSecondScheme);
        builder.Services.TryAddSingleton(
            typeof(ISecurityStampCheck), typeof(SecurityStampCheck<>).MakeGenericType(builder.UserType));
        var authentication = builder.Services.AddAuthentication(options =>
        {
            options.DefaultScheme = IdentityConstants.ApplicationScheme;
            options.DefaultSignInScheme = IdentityConstants.ExternalScheme;
        });
        builder.Services.AddOptions<HanzoSessionTokenOptions>(IdentityConstants.ApplicationScheme)
            .Configure<ISecurityStampCheck>((options, check) => options.SecurityStampCheck = check)
            .Configure<IOptions<IdentityOptions>>(
                (options, identity) => options.SecurityStampClaimType = identity.Value.ClaimsIdentity.SecurityStampClaimType);
        authentication.AddHanzoSessionToken(IdentityConstants.ApplicationScheme, configure);
        authentication.AddExternalCookie();
        authentication.AddTwoFactorUserIdCookie();
        authentication.AddTwoFactorRememberMeCookie();
        return builder;
    }

    private static void RefuseSecondScheme(AuthenticationOptions options)
    {
        if (options.SchemeMap.ContainsKey(IdentityConstants.ApplicationScheme))
        {
            throw new InvalidOperationException(
                $"The scheme {IdentityConstants.ApplicationScheme} exists already, because AddIdentity() adds its own cookie. "
                + "Write AddIdentityCore<TUser>().AddSignInManager().AddHanzoSessionToken() instead.");
        }
    }

    /// <summary>
    /// Requires passwords of at least 12 characters, of any kind, and locks a user out for 15 minutes after 10 consecutive
    /// failures. NIST SP 800-63B-4 requires 15 characters when the password is the only factor.
    /// </summary>
    /// <param name="options">Identity's options.</param>
    public static IdentityOptions UseHanzoSignInPolicy(this IdentityOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Password.RequiredLength = 12;
        options.Password.RequiredUniqueChars = 1;
        options.Password.RequireDigit = false;
        options.Password.RequireLowercase = false;
        options.Password.RequireUppercase = false;
        options.Password.RequireNonAlphanumeric = false;
        options.Lockout.AllowedForNewUsers = true;
        options.Lockout.MaxFailedAccessAttempts = 10;
        options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(15);
        return options;
    }
}
