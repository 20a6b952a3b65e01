namespace CdcFlow.Postgres.Source.Tests;

/// <summary>A clock that jumps, and timers that fire, when a test says so.</summary>
internal sealed class ManualTime : TimeProvider
{
    /// <summary>A test that jumps while it waits does not run through what is to last an hour.</summary>
    private static readonly TimeSpan jumpsAtMost = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private long jumped;

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref jumped);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state, dueTime);
        lock (gate)
        {
            timers.Add(timer);
        }

        return timer;
    }

    /// <summary>Jumps, and fires what is due in that time.</summary>
    internal void Advance(TimeSpan by)
    {
        if (jumped < jumpsAtMost.TotalSeconds * TimestampFrequency)
        {
            Interlocked.Add(ref jumped, (long)(by.TotalSeconds * TimestampFrequency));
        }

        ManualTimer[] due;
        lock (gate)
        {
            due = [.. timers.Where(timer => timer.Due <= by)];
        }

        foreach (var timer in due)
        {
            timer.Fire();
        }
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state, TimeSpan due) : ITimer
    {
        internal TimeSpan Due => due;

        internal void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            lock (time.gate)
            {
                time.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
