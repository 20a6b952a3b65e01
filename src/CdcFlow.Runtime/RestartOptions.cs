namespace CdcFlow.Runtime;

/// <summary>When a failed pipeline starts again from its last checkpoint: after a pause that doubles, and not for ever.</summary>
public sealed record RestartOptions
{
    /// <summary>The pause before the first restart; 200 milliseconds by default.</summary>
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause; 30 seconds by default.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many restarts with no checkpoint committed between them, however far apart, are the most; 0 for none at all, 10 by default. A committed
    /// checkpoint makes the pause short again.
    /// Waiting for somebody to make room on a full disk does not count, unless the run is to end by itself.</summary>
    public int RestartsMax { get; init; } = 10;

    /// <summary>How long a source or a sink (or what they need: a schema registry, a token endpoint) that cannot be reached is waited for, at the start and
    /// later, unless the run is to end by itself. One hour by default; zero for no longer than <see cref="RestartsMax"/> allows.</summary>
    public TimeSpan AwayMax { get; init; } = TimeSpan.FromHours(1);
}
