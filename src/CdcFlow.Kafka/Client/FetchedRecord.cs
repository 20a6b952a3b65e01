namespace CdcFlow.Kafka.Client;

/// <summary>A record as it was read; valid only during the call that gets it.</summary>
internal readonly ref struct FetchedRecord
{
    public required long Offset { get; init; }

    public required long TimestampMs { get; init; }

    public ReadOnlySpan<byte> Key { get; init; }

    public bool HasKey { get; init; }

    public ReadOnlySpan<byte> Value { get; init; }

    public bool IsTombstone { get; init; }

    /// <summary>Names and values, in order; a name may stand twice, a value may be null.</summary>
    public required IReadOnlyList<KeyValuePair<string, byte[]?>> Headers { get; init; }
}

/// <summary>Takes one record.</summary>
internal delegate void FetchedRecordHandler(in FetchedRecord record);
