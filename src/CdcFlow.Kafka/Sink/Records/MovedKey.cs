using CdcFlow.Formats;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Sink.Records;

/// <summary>Debezium's headers on the two records that an update of a key is: the delete names the new key, the insert the old one.</summary>
/// <remarks>A source makes both out of one event, as rows 0 and 1, and hands them over in one batch. Where it does not, only the insert has its
/// header: the delete is on its way when the insert is seen.</remarks>
internal sealed class MovedKey<T>(IRecordEncoder<T> encoder) : IDisposable
    where T : class
{
    private readonly KafkaHeaderName newKey = new("__debezium.newkey");
    private readonly KafkaHeaderName oldKey = new("__debezium.oldkey");
    private readonly ByteBuffer old = new(256);
    private ChangeMetadata oldAt;

    /// <summary>Adds the header if the change is a part of an update of its key.</summary>
    /// <param name="headers">The record's headers.</param>
    /// <param name="change">The change.</param>
    /// <param name="following">What comes after it in its batch.</param>
    /// <param name="key">Its key, encoded.</param>
    public void AddTo(KafkaHeaders headers, in Change<T> change, ReadOnlySpan<Change<T>> following, ReadOnlySpan<byte> key)
    {
        var at = change.Metadata;
        if (change.Operation == Operation.Delete && at.Row == 0)
        {
            oldAt = at;
            old.Clear();
            old.Append(key);
            if (following.Length > 0 && IsOtherHalf(following[0], at))
            {
                var start = headers.Value.Length;
                encoder.WriteKey(following[0], headers.Value);
                headers.End(newKey, headers.Value.Length - start);
            }
        }
        else if (IsOtherHalf(change, oldAt))
        {
            headers.Value.Append(old.Written);
            headers.End(oldKey, old.Length);
        }
    }

    public void Dispose() => old.Dispose();

    private static bool IsOtherHalf(in Change<T> change, ChangeMetadata first)
    {
        var at = change.Metadata;
        return change.Operation == Operation.Insert && at.Row == 1 && ReferenceEquals(at.Origin, first.Origin) && at.Event == first.Event;
    }
}
