using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore.Tests;

internal sealed class SetCookieHeaderTests
{
    [Test]
    [Description("W2")]
    public void A_cookie_is_taken_back_with_its_pieces_and_no_other()
    {
        var response = new DefaultHttpContext().Response;
        response.Headers.SetCookie = new[]
        {
            "session=1; path=/", "sessionC1=a", "sessionC12=b", "sessionC=c", "sessionCount=d", "session2=e", "Session=f", "other=session=1", "session",
        };

        SetCookieHeader.Remove(response, "session");

        Assert.That(
            response.Headers.SetCookie.ToArray(),
            Is.EqualTo(new[] { "sessionC=c", "sessionCount=d", "session2=e", "Session=f", "other=session=1", "session" }));
    }
}
