using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions.Benchmarks.Rivals;

/// <summary>Says that everybody is the same: what any authentication scheme costs at least.</summary>
internal sealed class ConstantPrincipalHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private static readonly AuthenticateResult Everybody = AuthenticateResult.Success(TenClaims.Ticket("ada", "Constant"));

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Everybody);
}
