using Microsoft.AspNetCore.Http;

namespace Hanzo.Sessions.AspNetCore;

/// <summary>
/// Binds a request to the session that its sender believes to use. The pages send it: a browser has one cookie for all tabs,
/// and another tab may have signed in as another user since a page was loaded.
/// </summary>
internal static class CallerSessionHeader
{
    public const string Name = "X-Hanzo-Caller-Session";

    /// <summary>
    /// Whether the request is meant for another session than the one that it presents. Without the header, or without a
    /// signed-in user, it is not.
    /// </summary>
    public static bool IsOfAnother(HttpRequest request, Admission admission)
    {
        var header = request.Headers[Name];
        return header.Count > 0
            && (admission.Account is not null || admission.Administrator is not null)
            && !(SessionId.TryParse(header, out var id) && admission.Account?.Session.Id == id);
    }
}
