namespace CdcFlow.Testing;

/// <summary>The clock of what outlives the pipeline: shows what the living process's clock shows.</summary>
internal sealed class WorldClock(Func<DateTimeOffset> now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now();
}
