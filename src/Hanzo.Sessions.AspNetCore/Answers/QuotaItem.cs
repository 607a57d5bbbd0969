namespace Hanzo.Sessions.AspNetCore;

/// <summary>How many of the allowed sessions are used; without a maximum there is no limit.</summary>
internal sealed record QuotaItem(int Used, int? Max);
