namespace CdcFlow.Runtime.Restarts;

/// <summary>Decides whether a failed pipeline starts again, and after which pause. Pure but for the record of its own restarts.</summary>
/// <param name="options">The limits.</param>
/// <param name="random">Spreads the pauses, so that pipelines that failed together do not come back together.</param>
internal sealed class RestartDecider(RestartOptions options, Random random)
{
    private readonly Queue<DateTimeOffset> restarts = new();

    /// <summary>Decides.</summary>
    /// <param name="fault">Why the attempt ended.</param>
    /// <param name="now">When.</param>
    public RestartDecision Decide(Exception fault, DateTimeOffset now)
    {
        if (!Transience.MayHeal(fault))
        {
            return new RestartDecision.GiveUp(fault);
        }

        while (restarts.TryPeek(out var oldest) && now - oldest > options.Window)
        {
            restarts.Dequeue();
        }

        if (restarts.Count >= options.RestartsMax)
        {
            return new RestartDecision.GiveUp(options.RestartsMax == 0 ? fault : TooMany(fault));
        }

        var pause = PauseAfter(restarts.Count);
        restarts.Enqueue(now);
        return new RestartDecision.Restart(pause);
    }

    /// <summary>Doubles with each restart in the window; the upper half of it is random.</summary>
    private TimeSpan PauseAfter(int earlier)
    {
        var full = Math.Min(options.BackoffMax.Ticks, options.BackoffMin.Ticks * Math.Pow(2, earlier));
        return TimeSpan.FromTicks((long)(full * (0.5 + (random.NextDouble() / 2))));
    }

    private CdcFlowException TooMany(Exception fault) => new(
        RuntimeErrorCodes.RestartLimit,
        $"The pipeline has restarted {options.RestartsMax} times within {options.Window} and failed again: {fault.Message}",
        "Mend the cause and start the pipeline; it goes on from its last checkpoint.", ErrorDomain.External, inner: fault);
}

/// <summary>What follows a failed attempt.</summary>
internal abstract record RestartDecision
{
    /// <summary>Another attempt.</summary>
    public sealed record Restart(TimeSpan Pause) : RestartDecision;

    /// <summary>The end.</summary>
    public sealed record GiveUp(Exception Error) : RestartDecision;
}
