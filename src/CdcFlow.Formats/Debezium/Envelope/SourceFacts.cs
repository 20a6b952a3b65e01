namespace CdcFlow.Formats.Debezium.Envelope;

/// <summary>What an envelope's <c>source</c> is made of.</summary>
/// <param name="Origin">Where the change comes from.</param>
/// <param name="ServerName">Debezium's logical server name.</param>
/// <param name="IsSnapshot">Whether the row was read by the initial snapshot.</param>
internal readonly record struct SourceFacts(ChangeOrigin Origin, string ServerName, bool IsSnapshot)
{
    public long UnixTicks => Origin.Transaction.CommittedAt.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;

    /// <summary>Nanoseconds since 1970; from the year 2262 on, where 64 bits end, the last one, as Java has it.</summary>
    public static long Nanoseconds(long unixTicks) => (long)Int128.Clamp((Int128)unixTicks * TimeSpan.NanosecondsPerTick, long.MinValue, long.MaxValue);

    /// <summary>Whether changes of two origins are of the same table of the same source.</summary>
    public static bool AreOfOneTable(ChangeOrigin one, ChangeOrigin other) =>
        ReferenceEquals(one.Table, other.Table)
        || (one.Table.Id == other.Table.Id && one.Table.Source == other.Table.Source && one.Table.Connector == other.Table.Connector && one.Table.Database == other.Table.Database);
}
