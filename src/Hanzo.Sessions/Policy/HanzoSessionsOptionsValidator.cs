using Microsoft.Extensions.Options;

namespace Hanzo.Sessions;

internal sealed class HanzoSessionsOptionsValidator : IValidateOptions<HanzoSessionsOptions>
{
    public ValidateOptionsResult Validate(string? name, HanzoSessionsOptions options)
    {
        var check = new RangeCheck();
        var policy = options.ToPolicy();
        policy.Check(check);
        policy.CheckOrder(check);
        var shortestIdle = options.PersistentIdleTimeout is { } persistent && persistent < options.IdleTimeout
            ? persistent
            : options.IdleTimeout;
        check.InRange(nameof(options.ActivityResolution), options.ActivityResolution, TimeSpan.Zero, shortestIdle / 2);
        check.InRange(nameof(options.ClockTolerance), options.ClockTolerance, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        check.Identifier(nameof(options.DefaultOrganization), options.DefaultOrganization);
        check.Identifier(nameof(options.DefaultApplication), options.DefaultApplication);
        check.InRange(nameof(options.CleanupInterval), options.CleanupInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        check.InRange(nameof(options.CleanupBatchSize), options.CleanupBatchSize, 1, 10_000);
        check.InRange(nameof(options.HistoryRetention), options.HistoryRetention, TimeSpan.Zero, TimeSpan.FromDays(3650));
        check.InRange(nameof(options.HistoryCapacity), options.HistoryCapacity, 0, 10_000_000);
        check.InRange(nameof(options.IpSpreadThreshold), options.IpSpreadThreshold, 2, 1_000);
        check.InRange(nameof(options.IpSpreadIPv6Prefix), options.IpSpreadIPv6Prefix, 16, 128);
        check.Defined(nameof(options.OnMove), options.OnMove);
        check.Flags(nameof(options.CountedMoves), options.CountedMoves);
        check.Defined(nameof(options.AddressPrecision), options.AddressPrecision);
        var keepsNetworks = options.AddressPrecision == SessionAddressPrecision.Network;
        check.InRange(nameof(options.MoveIPv4Prefix), options.MoveIPv4Prefix, 8, keepsNetworks ? SessionIpAddress.KeptIPv4Prefix : 32);
        check.InRange(nameof(options.MoveIPv6Prefix), options.MoveIPv6Prefix, 16, keepsNetworks ? SessionIpAddress.KeptIPv6Prefix : 64);
        check.InRange(nameof(options.ObserverQueueCapacity), options.ObserverQueueCapacity, 1, 1_000_000);
        check.InRange(nameof(options.ObserverDrainTimeout), options.ObserverDrainTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        return check.Faults.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(check.Faults.Select(fault => $"HanzoSessions: {fault}"));
    }
}
