namespace CdcFlow.Checkpointing.Tests;

/// <summary>A clock that moves when told: what it shows, and apart from that, how much time has passed.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long passed;

    /// <summary>What the clock shows. It may be set, as by an operator or a time server; no time passes by that.</summary>
    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Pass(TimeSpan time)
    {
        passed += time.Ticks;
        Now += time;
    }

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => passed;
}
