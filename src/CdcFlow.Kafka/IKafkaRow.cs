using CdcFlow.Formats;

namespace CdcFlow.Kafka;

/// <summary>A row type that chooses parts of its records itself; what it does not choose is as for any other row.</summary>
/// <remarks>Called by one sink at a time, for the row that a change is about: the new one, or for a delete what is known of the old one, which may be
/// its key alone. What decides key and partition must therefore be made of key columns, or the records of one row end in several partitions.</remarks>
public interface IKafkaRow
{
    /// <summary>Writes the record's key, in place of the columns with <c>[Key]</c>.</summary>
    /// <returns>False when it has written nothing and the key is to be the usual one, which is the default.</returns>
    bool TryWriteKey(ByteBuffer key) => false;

    /// <summary>Chooses the record's partition.</summary>
    /// <param name="partitions">How many the topic has.</param>
    /// <returns>From 0 to one less than there are; null for the usual one, by the key, which is the default.</returns>
    int? Partition(int partitions) => null;

    /// <summary>Adds headers after the sink's own. Default: none.</summary>
    void WriteHeaders(KafkaHeaders headers)
    {
    }

    /// <summary>The record's time, to the millisecond; null for the transaction's time of commit, which is the default. Kafka knows no time before 1970:
    /// an earlier one, and 1970's beginning itself, becomes one millisecond after it.</summary>
    DateTimeOffset? Timestamp => null;
}
