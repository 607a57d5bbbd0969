using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions;

/// <summary>
/// Decides: when a session is over, how many a user may have, which may be ended. It is thread-safe, and a host has one, from
/// <c>AddHanzoSessions</c>. It answers only after the store has committed, and a failure of the store is the store's own
/// exception.
/// </summary>
public sealed partial class SessionManager
{
    /// <summary>How many bytes the payload of a session may have: 32 KiB.</summary>
    public const int MaxPayloadBytes = 32 * 1024;

    private readonly MeasuredStore _store;
    private readonly HanzoSessionsOptions _options;
    private readonly SessionPolicy _policy;
    private readonly ISessionPolicyProvider? _policyProvider;
    private readonly TimeProvider _clock;
    private readonly ILogger<SessionManager> _logger;
    private readonly SessionAnnouncer _announcer;
    private readonly ClockWatch _clocks;
    private readonly SessionMetrics _metrics;
    private readonly IpSpreadBoard _alarms;
    private readonly PlaceRules _places;
    private readonly ToldMoves _toldMoves = new();

    /// <summary>A manager over a store.</summary>
    /// <param name="store">Where sessions are remembered.</param>
    /// <param name="options">The settings.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    /// <param name="observers">Hear of events afterward; null for none.</param>
    /// <param name="logger">The log; null for none.</param>
    /// <param name="policyProvider">Gives some users or applications another policy; null when all have that of the options.</param>
    /// <param name="meterFactory">Makes the host's meter; null for one that all such managers share.</param>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    public SessionManager(
        ISessionStore store,
        IOptions<HanzoSessionsOptions> options,
        TimeProvider? clock = null,
        IEnumerable<ISessionObserver>? observers = null,
        ILogger<SessionManager>? logger = null,
        ISessionPolicyProvider? policyProvider = null,
        IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        _options = Checked(options.Value);
        _policy = _options.ToPolicy();
        _places = new PlaceRules(_options);
        _policyProvider = policyProvider;
        _clock = clock ?? TimeProvider.System;
        _logger = logger ?? NullLogger<SessionManager>.Instance;
        _clocks = new ClockWatch(_clock, _logger);
        _metrics = SessionMetrics.Of(meterFactory);
        _store = new MeasuredStore(store, _metrics, _clock);
        _announcer = new SessionAnnouncer(observers ?? [], _options.ObserverQueueCapacity, _metrics, _logger);
        _alarms = new IpSpreadBoard(_store, _options.IpSpreadThreshold, _clock, _logger);
    }

    /// <summary>
    /// Waits until the observers have heard of everything that happened before this call. A stopping host waits for
    /// <see cref="HanzoSessionsOptions.ObserverDrainTimeout"/> at most; call this method where there is no host, and in tests.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task FlushObserversAsync(CancellationToken cancellationToken = default) => _announcer.FlushAsync(cancellationToken);

    internal Task StopAsync(CancellationToken cancellationToken)
    {
        _alarms.Stop();
        return _announcer.StopAsync(_options.ObserverDrainTimeout, _clock, cancellationToken);
    }

    /// <summary>Every instant the library writes: whole milliseconds, so that every store returns what it was given.</summary>
    private DateTimeOffset Now() => Truncate(_clock.GetUtcNow());

    private static DateTimeOffset Truncate(DateTimeOffset instant)
    {
        var ticks = instant.UtcTicks;
        return new DateTimeOffset(ticks - (ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
    }

    private static TimeSpan Truncate(TimeSpan span) => TimeSpan.FromMilliseconds((long)span.TotalMilliseconds);

    // A host checks its options when it starts; those of a manager made by hand are checked here.
    private static HanzoSessionsOptions Checked(HanzoSessionsOptions options)
    {
        var result = new HanzoSessionsOptionsValidator().Validate(Options.DefaultName, options);
        return result.Failed
            ? throw new OptionsValidationException(Options.DefaultName, typeof(HanzoSessionsOptions), result.Failures)
            : options;
    }

    /// <summary>A filter that compares addresses as the store keeps them.</summary>
    private SessionFilter AsStored(SessionFilter filter) => filter with { AddressPrecision = _options.AddressPrecision };

    private async ValueTask<SessionPolicy> PolicyAsync(
        SessionUser user, string application, CancellationToken cancellationToken)
    {
        if (_policyProvider is null)
        {
            return _policy;
        }

        var policy = await _policyProvider.GetPolicyAsync(user, application, _policy, cancellationToken)
            .ConfigureAwait(false);
        var check = new RangeCheck();
        policy.Check(check);
        return check.Faults.Count == 0
            ? policy
            : throw new InvalidOperationException(
                $"The policy from {_policyProvider.GetType()} is out of range. {string.Join(' ', check.Faults)}");
    }
}
