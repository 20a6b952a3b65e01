using System.Globalization;
using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Sink.Topics;
using CdcFlow.Rejects;

namespace CdcFlow.Kafka.Sink.Records;

/// <summary>Sends what cannot be delivered to a topic of its own, in the same transaction: key and value as far as there are any, and why in headers.</summary>
/// <remarks>A time that the dead-letter topic refuses stands in a header, and the record has the time of its writing.</remarks>
internal sealed class DeadLetterOffice(string sink, TopicRoute route, TimeProvider time)
{
    /// <summary>The header with the error's code.</summary>
    internal const string Code = "cdc-error";

    /// <summary>The header that says what happened.</summary>
    internal const string Cause = "cdc-cause";

    private const string Topic = "cdc-topic";
    private const string Time = "cdc-time";

    public TopicRoute Route => route;

    /// <summary>Sends a record.</summary>
    /// <returns>False when the client's queue is full: the same record is to be sent again.</returns>
    /// <exception cref="CdcFlowException">Too many were sent, even its key is too large, or there is none and the topic needs one.</exception>
    public bool TryProduce<T>(ChangeRecord<T> record, CdcFlowException cause, BoundTopic meant, BoundTopic letters, IKafkaProducer producer, DeadLetterCount count)
        where T : class
    {
        record.Headers.Add(Code, cause.Code);
        record.Headers.Add(Cause, cause.Happened);
        record.Headers.Add(Topic, meant.Name);
        FitTo(record, cause, letters);
        if (!record.HasValue || record.Size > letters.Limit.Bytes)
        {
            record.DropValue();
        }

        var result = producer.TryProduce(record.For(letters, record.UsualPartition(letters)));
        if (result == ProduceResult.TooLarge && record.HasValue)
        {
            record.DropValue();
            result = producer.TryProduce(record.For(letters, record.UsualPartition(letters)));
        }

        switch (result)
        {
            case ProduceResult.QueueFull:
                return false;
            case ProduceResult.TooLarge:
                throw cause;
            default:
                count.Add(sink, cause);
                return true;
        }
    }

    /// <summary>Sends what a node before the sink has rejected.</summary>
    /// <returns>False when the client's queue is full: the same is to be sent again.</returns>
    /// <exception cref="CdcFlowException">Too many were sent, or it has no key and the topic needs one.</exception>
    public bool TryProduce(RejectRecord record, RejectedChange rejected, BoundTopic letters, IKafkaProducer producer, DeadLetterCount count)
    {
        var cause = new CdcFlowException(rejected.Code, rejected.Cause);
        record.Encode(rejected);
        if (letters.Rules.NeedsKey && !record.HasKey)
        {
            throw KafkaSinkErrors.LetterKeyless(sink, letters.Name, cause);
        }

        if (record.Size > letters.Limit.Bytes)
        {
            record.DropRow();
        }

        switch (producer.TryProduce(record.For(letters)))
        {
            case ProduceResult.QueueFull:
                return false;
            case ProduceResult.TooLarge:
                throw KafkaSinkErrors.TooLarge($"Sink '{sink}': what is kept of a rejected change", letters.Name, record.Size, letters.Limit);
            default:
                count.Add(sink, cause);
                return true;
        }
    }

    private void FitTo<T>(ChangeRecord<T> record, CdcFlowException cause, BoundTopic letters)
        where T : class
    {
        switch (letters.Rules.Fitness(record, time.GetUtcNow()))
        {
            case RecordFitness.Keyless:
                throw KafkaSinkErrors.LetterKeyless(sink, letters.Name, cause);
            case RecordFitness.TooOld or RecordFitness.TooNew:
                record.Headers.Add(Time, record.Time.ToString("O", CultureInfo.InvariantCulture));
                record.TakeTimeOfWriting();
                break;
        }
    }
}
