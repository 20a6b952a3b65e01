namespace CdcFlow.Postgres.Replication;

/// <summary>PostgreSQL's timestamps: microseconds since the start of 2000, UTC.</summary>
internal static class PostgresClock
{
    private const long EpochTicks = 630_822_816_000_000_000;

    internal static DateTimeOffset FromMicroseconds(long microseconds)
    {
        var ticks = ((Int128)microseconds * TimeSpan.TicksPerMicrosecond) + EpochTicks;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
            ? new DateTimeOffset((long)ticks, TimeSpan.Zero)
            : throw new Wire.PostgresProtocolException($"A commit time lies {microseconds} microseconds from 2000.");
    }

    internal static long ToMicroseconds(DateTimeOffset time) => (time.UtcTicks - EpochTicks) / TimeSpan.TicksPerMicrosecond;
}
