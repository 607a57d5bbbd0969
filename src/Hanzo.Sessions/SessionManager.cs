using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Hanzo.Sessions;

/// <summary>
/// Decides: when a session is over, how many a user may have, which may be ended. Thread-safe; one per host, from
/// <c>AddHanzoSessions</c>. Nothing is answered before the store has committed it, and a failure of the store is its
/// own exception.
/// </summary>
public sealed partial class SessionManager
{
    /// <summary>How many bytes the payload of a session may have: 32 KiB.</summary>
    public const int LargestPayload = 32 * 1024;

    private const int LongestUserAgent = 512;
    private const int LongestAuthenticationMethods = 256;

    private readonly MeasuredStore _store;
    private readonly HanzoSessionsOptions _options;
    private readonly SessionPolicy _policy;
    private readonly ISessionPolicyProvider? _policyProvider;
    private readonly TimeProvider _clock;
    private readonly ILogger<SessionManager> _logger;
    private readonly SessionAnnouncer _announcer;
    private readonly SessionMetrics _metrics;

    /// <summary>A manager over a store.</summary>
    /// <param name="store">Where sessions are remembered.</param>
    /// <param name="options">The settings.</param>
    /// <param name="clock">What time it is.</param>
    /// <param name="observers">Who is told afterwards.</param>
    /// <param name="logger">Where to log; null for nowhere.</param>
    /// <param name="policyProvider">Other policies for some users or applications; null when all have that of the options.</param>
    /// <param name="meterFactory">Where the host's metrics come from; null for a meter that all such managers share.</param>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    public SessionManager(
        ISessionStore store,
        IOptions<HanzoSessionsOptions> options,
        TimeProvider clock,
        IEnumerable<ISessionObserver> observers,
        ILogger<SessionManager>? logger = null,
        ISessionPolicyProvider? policyProvider = null,
        IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(observers);
        _options = Checked(options.Value);
        _policy = _options.ToPolicy();
        _policyProvider = policyProvider;
        _clock = clock;
        _logger = logger ?? NullLogger<SessionManager>.Instance;
        _metrics = SessionMetrics.Of(meterFactory);
        _store = new MeasuredStore(store, _metrics, clock);
        _announcer = new SessionAnnouncer(observers, _options.ObserverQueueCapacity, _metrics, _logger);
    }

    /// <summary>
    /// Waits until the observers have heard of everything that happened before this call. A host does so when it
    /// stops, for <see cref="HanzoSessionsOptions.ObserverDrainTimeout"/> at most; call it where there is no host, and
    /// in tests.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task FlushObserversAsync(CancellationToken cancellationToken = default) => _announcer.FlushAsync(cancellationToken);

    internal Task StopObserversAsync(CancellationToken cancellationToken) =>
        _announcer.StopAsync(_options.ObserverDrainTimeout, _clock, cancellationToken);

    /// <summary>Every instant the library writes: whole milliseconds, so that every store returns what it was given.</summary>
    private DateTimeOffset Now() => Truncate(_clock.GetUtcNow());

    private static DateTimeOffset Truncate(DateTimeOffset instant)
    {
        var ticks = instant.UtcTicks;
        return new DateTimeOffset(ticks - (ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
    }

    private static TimeSpan Truncate(TimeSpan span) => TimeSpan.FromMilliseconds((long)span.TotalMilliseconds);

    // A host has checked them when it started; a manager made by hand is checked here.
    private static HanzoSessionsOptions Checked(HanzoSessionsOptions options)
    {
        var result = new HanzoSessionsOptionsValidator().Validate(Options.DefaultName, options);
        return result.Failed
            ? throw new OptionsValidationException(Options.DefaultName, typeof(HanzoSessionsOptions), result.Failures)
            : options;
    }

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
