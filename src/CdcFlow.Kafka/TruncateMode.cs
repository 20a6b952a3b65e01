namespace CdcFlow.Kafka;

/// <summary>What a truncate of the source's table becomes in a topic.</summary>
public enum TruncateMode
{
    /// <summary>A record without a key in every partition, so that each reader gets it in order with the rows of its partition.</summary>
    EveryPartition,

    /// <summary>Nothing; readers keep the rows.</summary>
    Skip,

    /// <summary>The pipeline stops with an error.</summary>
    Refuse,
}
