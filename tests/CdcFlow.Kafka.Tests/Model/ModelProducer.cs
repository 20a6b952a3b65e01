using CdcFlow.Kafka.Client;
using CdcFlow.Testing.Kafka;

namespace CdcFlow.Kafka.Tests.Model;

/// <summary>A producer session on the Kafka model: queues records, sends them in batches by partition, and asks again when no answer came.</summary>
internal sealed class ModelProducer(ModelCluster cluster, InMemoryKafka kafka, ProducerOptions options, ProducerIdentity identity) : IKafkaProducer
{
    // Small, so that tests meet a full queue.
    private const int QueueMax = 50;

    private readonly SortedDictionary<(string Topic, int Partition), List<KafkaMessage>> queue = [];
    private readonly Dictionary<KafkaPartition, int> sequences = [];
    private readonly HashSet<KafkaPartition> added = [];
    private int queued;
    private KafkaException? broken;

    /// <summary>A known bug: a batch that was given up is forgotten.</summary>
    public bool ForgetsFailures { get; set; }

    public ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        added.Clear();
        return ValueTask.CompletedTask;
    }

    public ProduceResult TryProduce(in KafkaRecord record)
    {
        ThrowIfBroken();
        var message = Message(record);
        if (message.SizeInBatch > options.RecordBytes)
        {
            return ProduceResult.TooLarge;
        }

        if (queued == QueueMax)
        {
            return ProduceResult.QueueFull;
        }

        if (!queue.TryGetValue((record.Topic.Name, record.Partition), out var batch))
        {
            queue.Add((record.Topic.Name, record.Partition), batch = []);
        }

        batch.Add(message);
        queued++;
        return ProduceResult.Accepted;
    }

    public ValueTask RoomAsync(CancellationToken cancellationToken) => SendAsync(cancellationToken);

    public ValueTask FlushAsync(CancellationToken cancellationToken) => SendAsync(cancellationToken);

    public async ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        await EndAsync(commit: true, cancellationToken);
    }

    public async ValueTask AbortAsync(CancellationToken cancellationToken)
    {
        queue.Clear();
        queued = 0;
        await EndAsync(commit: false, cancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        try
        {
            foreach (var ((topic, partition), batch) in queue)
            {
                await SendAsync(new KafkaPartition(topic, partition), batch, cancellationToken);
            }
        }
        catch (KafkaException error) when (!ForgetsFailures)
        {
            broken = error;
            throw;
        }
        catch (KafkaException)
        {
        }

        queue.Clear();
        queued = 0;
    }

    private async ValueTask SendAsync(KafkaPartition partition, List<KafkaMessage> batch, CancellationToken cancellationToken)
    {
        if (options.TransactionalId is not null && added.Add(partition))
        {
            await RequestAsync("add partition", () => kafka.AddPartitionsToTxn(options.TransactionalId, identity, [partition]), cancellationToken);
        }

        var sequence = sequences.GetValueOrDefault(partition);
        await RequestAsync("produce", () => kafka.Produce(options.TransactionalId, identity, partition, sequence, batch), cancellationToken);
        sequences[partition] = sequence + batch.Count;
    }

    /// <summary>A transaction without records needs no request.</summary>
    private async ValueTask EndAsync(bool commit, CancellationToken cancellationToken)
    {
        if (added.Count == 0)
        {
            return;
        }

        try
        {
            await RequestAsync(commit ? "commit" : "abort", () => kafka.EndTxn(options.TransactionalId!, identity, commit), cancellationToken);
        }
        catch (KafkaException error) when (error.Failure == KafkaFailure.Unreachable)
        {
            throw new KafkaException(KafkaFailure.OutcomeUnknown, error.Code, error.Happened, isTransient: true, inner: error);
        }

        added.Clear();
    }

    private async ValueTask RequestAsync(string name, Action request, CancellationToken cancellationToken) => await cluster.RetryAsync(name, () =>
    {
        request();
        return true;
    }, cancellationToken);

    private void ThrowIfBroken()
    {
        if (broken is not null)
        {
            throw broken;
        }
    }

    private static KafkaMessage Message(in KafkaRecord record)
    {
        var headers = new List<MessageHeader>();
        foreach (var header in record.Headers)
        {
            headers.Add(new MessageHeader(header.Name.Text, header.Length < 0 ? null : record.HeaderBytes.Slice(header.Start, header.Length).ToArray()));
        }

        return new KafkaMessage(record.HasKey ? record.Key.ToArray() : null, record.IsTombstone ? null : record.Value.ToArray(), headers, record.TimestampMs);
    }
}
