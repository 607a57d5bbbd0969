namespace Hanzo.Sessions.AspNetCore;

/// <summary>The record that a request names: user and application.</summary>
internal sealed record CasdoorKey(SessionUser User, string Application)
{
    public SessionFilter Filter => SessionFilter.Of(User) with { Application = Application };

    /// <summary>Parses <c>owner/name/application</c>, split at the first and the last slash because only a name may contain one.</summary>
    /// <exception cref="CasdoorException">The text has another form.</exception>
    public static CasdoorKey Parse(string? sessionPkId)
    {
        var last = sessionPkId?.LastIndexOf('/') ?? -1;
        return last > 0 && Of(sessionPkId![..last], sessionPkId[(last + 1)..]) is { } key
            ? key
            : throw new CasdoorException("sessionPkId must be owner/name/application");
    }

    /// <summary>The record that a request body names.</summary>
    /// <exception cref="CasdoorException">The body names none.</exception>
    public static CasdoorKey Of(CasdoorRecord? body) =>
        body is { Owner: { } owner, Name: { } name, Application: { } application }
            && !owner.Contains('/', StringComparison.Ordinal)
            && Of($"{owner}/{name}", application) is { } key
                ? key
                : throw new CasdoorException("the body must name owner, name and application of a session");

    private static CasdoorKey? Of(string user, string application) =>
        SessionUser.TryParse(user, null, out var parsed) && Parameter.IsIdentifier(application)
            ? new CasdoorKey(parsed, application)
            : null;
}
