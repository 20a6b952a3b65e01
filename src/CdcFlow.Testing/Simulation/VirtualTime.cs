namespace CdcFlow.Testing.Simulation;

/// <summary>A clock that stands still until it is moved, and whose timers fire as tasks of one scheduler.</summary>
/// <remarks>Thread-safe. Timers due at the same instant fire in the order in which they were made.</remarks>
public sealed class VirtualTime : TimeProvider
{
    private readonly Lock gate = new();
    private readonly SortedSet<VirtualTimer> pending = new(Comparer<VirtualTimer>.Create(VirtualTimer.Compare));
    private readonly TaskScheduler scheduler;
    private DateTimeOffset now;
    private long timersMade;

    /// <summary>Makes the clock.</summary>
    /// <param name="start">What it shows first.</param>
    /// <param name="scheduler">Where timer callbacks run.</param>
    public VirtualTime(DateTimeOffset start, TaskScheduler scheduler)
    {
        now = start;
        this.scheduler = scheduler;
    }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, Interlocked.Increment(ref timersMade), () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock by <paramref name="time"/>; every timer due by then is queued on the scheduler, in order.</summary>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        var target = GetUtcNow() + time;
        while (TryFire(target))
        {
        }

        lock (gate)
        {
            now = target > now ? target : now;
        }
    }

    /// <summary>Jumps to the next timer and queues its callback; false when no timer is set.</summary>
    public bool TryJumpToNextTimer() => TryFire(DateTimeOffset.MaxValue);

    /// <summary>Jumps to the next timer that is due by <paramref name="until"/> and queues its callback; false when there is none.</summary>
    public bool TryJumpToNextTimer(DateTimeOffset until) => TryFire(until);

    private bool TryFire(DateTimeOffset until)
    {
        Action callback;
        lock (gate)
        {
            if (pending.Min is not { } next || next.Due > until)
            {
                return false;
            }

            now = next.Due > now ? next.Due : now;
            pending.Remove(next);
            callback = next.Callback;
            if (next.Period > TimeSpan.Zero)
            {
                next.Due += next.Period;
                pending.Add(next);
            }
        }

        _ = Task.Factory.StartNew(callback, CancellationToken.None, TaskCreationOptions.None, scheduler);
        return true;
    }

    private bool Set(VirtualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (gate)
        {
            pending.Remove(timer);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                timer.Due = now + dueTime;
                timer.Period = period;
                pending.Add(timer);
            }

            return true;
        }
    }

    private sealed class VirtualTimer(VirtualTime time, long number, Action callback) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; set; }

        public Action Callback { get; } = callback;

        private long Number { get; } = number;

        public static int Compare(VirtualTimer left, VirtualTimer right) =>
            left.Due != right.Due ? left.Due.CompareTo(right.Due) : left.Number.CompareTo(right.Number);

        public bool Change(TimeSpan dueTime, TimeSpan period) => time.Set(this, dueTime, period);

        public void Dispose() => time.Set(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
