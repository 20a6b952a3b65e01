namespace CdcFlow.Postgres.Replication;

/// <summary>One message of the replication stream: log data, or (with empty data) a keepalive. Valid until the next is read.</summary>
internal readonly ref struct WalMessage(Lsn walStart, Lsn walEnd, ReadOnlySpan<byte> data)
{
    /// <summary>Where the data lie in the log; zero for some messages.</summary>
    internal Lsn WalStart { get; } = walStart;

    /// <summary>The end of the log on the server as it sent this.</summary>
    internal Lsn WalEnd { get; } = walEnd;

    /// <summary>A message of the output plugin.</summary>
    internal ReadOnlySpan<byte> Data { get; } = data;

    internal bool IsKeepalive => Data.IsEmpty;
}
