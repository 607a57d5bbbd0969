namespace Hanzo.Sessions.AspNetCore;

/// <summary>An IP-spread alarm as the HTTP API shows it.</summary>
internal sealed record AlarmItem(string Organization, string User, IReadOnlyList<string> Networks, int Count)
{
    public static AlarmItem Of(IpSpread spread) =>
        new(spread.User.Organization, spread.User.Name, spread.Networks, spread.SessionCount);
}
