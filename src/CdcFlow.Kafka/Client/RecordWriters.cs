using Confluent.Kafka;

namespace CdcFlow.Kafka.Client;

/// <summary>Hands records to a producer of the package. On the caller's thread.</summary>
internal interface IRecordWriter : IDisposable
{
    /// <summary>Hands one over; its bytes are copied.</summary>
    /// <returns>Null when it was taken.</returns>
    ClientError? TryWrite(in KafkaRecord record);
}

/// <summary>Through the package's own Produce: with a report on each record if somebody wants it, and some objects for each.</summary>
/// <param name="producer">The producer.</param>
/// <param name="reports">Told what became of records; null where nobody asks.</param>
internal sealed class PackageRecordWriter(IProducer<byte[]?, byte[]?> producer, Action<DeliveryReport<byte[]?, byte[]?>>? reports) : IRecordWriter
{
    public ClientError? TryWrite(in KafkaRecord record)
    {
        var message = new Message<byte[]?, byte[]?>
        {
            Key = record.HasKey ? record.Key.ToArray() : null,
            Value = record.IsTombstone ? null : record.Value.ToArray(),
            Timestamp = record.TimestampMs == 0 ? Timestamp.Default : new Timestamp(record.TimestampMs, TimestampType.CreateTime),
            Headers = Headers(record),
        };
        try
        {
            producer.Produce(new TopicPartition(record.Topic.Name, record.Partition), message, reports);
            return null;
        }
        catch (Confluent.Kafka.KafkaException failure)
        {
            return ClientError.Of(failure);
        }
    }

    public void Dispose()
    {
    }

    private static Headers? Headers(in KafkaRecord record)
    {
        if (record.Headers.IsEmpty)
        {
            return null;
        }

        var headers = new Headers();
        foreach (ref readonly var header in record.Headers)
        {
            headers.Add(header.Name.Text, header.Length < 0 ? null : record.HeaderBytes.Slice(header.Start, header.Length).ToArray());
        }

        return headers;
    }
}
