namespace Hanzo.Sessions.AspNetCore;

/// <summary>How many of the allowed sessions are used. No maximum means no limit.</summary>
internal sealed record QuotaItem(int Used, int? Max);
