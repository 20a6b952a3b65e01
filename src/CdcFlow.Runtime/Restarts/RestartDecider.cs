namespace CdcFlow.Runtime.Restarts;

/// <summary>Decides whether a failed pipeline starts again, and after which pause. Pure but for the record of its own restarts.</summary>
/// <param name="options">The limits.</param>
/// <param name="waitsOut">Whether to wait for as long as it takes where an error says that this helps (<see cref="CdcFlowException.IsWaitedOut"/>).</param>
/// <param name="random">Spreads the pauses, so that pipelines that failed together do not come back together.</param>
internal sealed class RestartDecider(RestartOptions options, bool waitsOut, Random random)
{
    /// <summary>Restarts since the last progress, without those that waited something out. However long ago they were: what takes an hour to fail makes no
    /// more progress than what takes a second.</summary>
    private int count;
    private int waitedOutInARow;
    private DateTimeOffset? awaySince;

    /// <summary>A checkpoint was committed: what failed before has healed.</summary>
    public void Progressed()
    {
        count = 0;
        waitedOutInARow = 0;
        awaySince = null;
    }

    /// <summary>Decides.</summary>
    /// <param name="fault">Why the attempt ended.</param>
    /// <param name="now">When.</param>
    /// <param name="wasOpen">Whether the attempt had everything open and was running. What breaks a running pipeline again and again is not away: it counts.</param>
    public RestartDecision Decide(Exception fault, DateTimeOffset now, bool wasOpen = false)
    {
        if (!Transience.MayHeal(fault) || options.RestartsMax == 0)
        {
            return new RestartDecision.GiveUp(fault);
        }

        if (waitsOut && fault is CdcFlowException { IsWaitedOut: true })
        {
            return new RestartDecision.Restart(PauseAfter(count + waitedOutInARow++));
        }

        if (fault is not CdcFlowException { IsAway: true })
        {
            awaySince = null;
        }
        else if (wasOpen)
        {
            awaySince = now;
        }
        else if (waitsOut && options.AwayMax > TimeSpan.Zero)
        {
            return WaitForIt(fault, now, awaySince ??= now);
        }

        waitedOutInARow = 0;
        return count < options.RestartsMax
            ? new RestartDecision.Restart(PauseAfter(count++))
            : new RestartDecision.GiveUp(TooMany(fault));
    }

    private RestartDecision WaitForIt(Exception fault, DateTimeOffset now, DateTimeOffset since)
    {
        var left = options.AwayMax - (now - since);
        if (left <= TimeSpan.Zero)
        {
            return new RestartDecision.GiveUp(AwayTooLong(fault, since));
        }

        var pause = PauseAfter(waitedOutInARow++);
        return new RestartDecision.Restart(pause < left ? pause : left, since);
    }

    /// <summary>Doubles with each restart; the upper half of it is random.</summary>
    private TimeSpan PauseAfter(int earlier)
    {
        const int doublingsMax = 62; // no infinity, which times a pause of zero would be no number
        var full = Math.Min(options.BackoffMax.Ticks, options.BackoffMin.Ticks * Math.Pow(2, Math.Min(earlier, doublingsMax)));
        return TimeSpan.FromTicks((long)(full * (0.5 + (random.NextDouble() / 2))));
    }

    private CdcFlowException AwayTooLong(Exception fault, DateTimeOffset since) => new(
        RuntimeErrorCodes.AwayTooLong,
        $"What the pipeline needs has been away since {since:u}, for longer than Restart:AwayMax ({options.AwayMax}): {CauseText.Of(fault)}",
        "Bring it back and start the pipeline; it goes on from its last checkpoint. Raise Restart:AwayMax to wait longer.", ErrorDomain.External, inner: fault);

    private CdcFlowException TooMany(Exception fault) => new(
        RuntimeErrorCodes.RestartLimit,
        $"The pipeline has restarted {options.RestartsMax} times, has committed no checkpoint since the first, and failed again: {CauseText.Of(fault)}",
        "Fix the cause and start the pipeline; it goes on from its last checkpoint.", ErrorDomain.External, inner: fault);
}

/// <summary>What follows a failed attempt.</summary>
internal abstract record RestartDecision
{
    /// <summary>Another attempt.</summary>
    /// <param name="Pause">After this long.</param>
    /// <param name="AwaySince">Since when something that the pipeline needs has been away; null where it has failed in another way.</param>
    public sealed record Restart(TimeSpan Pause, DateTimeOffset? AwaySince = null) : RestartDecision;

    /// <summary>The end.</summary>
    public sealed record GiveUp(Exception Error) : RestartDecision;
}
