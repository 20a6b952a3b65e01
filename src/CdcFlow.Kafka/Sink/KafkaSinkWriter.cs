using CdcFlow.Batches;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.SchemaRegistry;
using CdcFlow.Kafka.Sink.Oversize;
using CdcFlow.Kafka.Sink.Records;
using CdcFlow.Kafka.Sink.Topics;
using CdcFlow.Rejects;
using CdcFlow.Sinks;

namespace CdcFlow.Kafka.Sink;

/// <summary>Writes the changes of one sink as records, in the transaction that its connection's sinks share.</summary>
/// <remarks>The loop over a batch is synchronous and allocates nothing; it comes back here only to wait for room or to look for a topic.</remarks>
/// <param name="options">The sink's settings.</param>
/// <param name="encoder">Writes keys and values.</param>
/// <param name="schemas">The schemas that the encoder names; null without a registry.</param>
/// <param name="oversize">Makes records fit; null leaves values that are too large to the claim store.</param>
internal sealed class KafkaSinkWriter<T>(KafkaSinkOptions options, IRecordEncoder<T> encoder, TopicSchemas? schemas = null, OversizeRecords<T>? oversize = null)
    : ISinkWriter<T>, IKafkaSinkWriter
    where T : class
{
    private readonly ChangeRecord<T> record = new(encoder, options.Records.Format);
    private readonly OversizeRecords<T> oversize = oversize ?? new OversizeRecords<T>(options, cutter: null, log: null);
    private readonly TopicRoute route = new(options.Topic);
    private readonly DeadLetterOffice? deadLetters = options.DeadLetterTopic is { } letters ? new DeadLetterOffice(options.Name, new TopicRoute(letters), options.Records.Clock) : null;
    private SinkSession session = null!;
    private DateTimeOffset now;

    /// <summary>Why the loop over a batch has come back.</summary>
    private enum Stop
    {
        AtTheEnd,
        QueueFull,
        TopicUnknown,
        DeadLetterTopicUnknown,
    }

    public KafkaSinkOptions Options => options;

    public async ValueTask OpenAsync(SinkSession session, CancellationToken cancellationToken)
    {
        this.session = session;
        foreach (var (template, definition) in new[] { (options.Topic, options.Definition), (options.DeadLetterTopic, options.Definition.ForLetters()) })
        {
            if (template is { IsFixed: true })
            {
                await session.Topics.BindAsync(template.ToString(), options.Name, definition, cancellationToken);
            }
        }
    }

    public async ValueTask WriteAsync(ChangeBatch<T> batch, CancellationToken cancellationToken)
    {
        try
        {
            var producer = await session.BeginAsync(cancellationToken);
            var at = default(Place);
            for (var stop = Produce(batch.Changes, producer, ref at); stop != Stop.AtTheEnd; stop = Produce(batch.Changes, producer, ref at))
            {
                if (stop == Stop.QueueFull)
                {
                    await producer.RoomAsync(cancellationToken);
                }
                else
                {
                    await BindAsync(stop == Stop.TopicUnknown ? route : deadLetters!.Route, batch.Memory.Span[at.Change].Metadata.Origin, cancellationToken);
                }
            }

            if (batch.Count > 0)
            {
                session.NotePosition(batch.Memory.Span[^1].Metadata);
            }
        }
        catch (KafkaException error)
        {
            throw await session.ExplainAsync(error, cancellationToken);
        }
    }

    public async ValueTask RejectAsync(RejectedChange rejected, CancellationToken cancellationToken)
    {
        try
        {
            var producer = await session.BeginAsync(cancellationToken);
            var origin = rejected.Metadata.Origin;
            if (deadLetters!.Route.Find(origin) is null)
            {
                await BindAsync(deadLetters.Route, origin, cancellationToken);
            }

            using var letter = new RejectRecord(options.Records.Pipeline, options.Name);
            while (!deadLetters.TryProduce(letter, rejected, deadLetters.Route.Find(origin)!, producer, session.DeadLetters))
            {
                await producer.RoomAsync(cancellationToken);
            }
        }
        catch (KafkaException error)
        {
            throw await session.ExplainAsync(error, cancellationToken);
        }
    }

    public void Dispose()
    {
        record.Dispose();
        oversize.Dispose();
    }

    private async ValueTask BindAsync(TopicRoute missing, ChangeOrigin origin, CancellationToken cancellationToken)
    {
        var name = missing.Template.Of(origin);
        if (schemas is not null && missing == route)
        {
            await schemas.BindAsync(name, cancellationToken);
        }

        missing.Bind(origin, await session.Topics.BindAsync(
            name, options.Name, missing == route ? options.Definition : options.Definition.ForLetters(), cancellationToken));
    }

    private Stop Produce(ReadOnlySpan<Change<T>> changes, IKafkaProducer producer, ref Place at)
    {
        now = options.Records.Clock.GetUtcNow();
        for (; at.Change < changes.Length; at = new Place(at.Change + 1, 0))
        {
            ref readonly var change = ref changes[at.Change];
            if (change.Operation == Operation.Truncate && !Writes(change))
            {
                continue;
            }

            var stop = Produce(change, changes[(at.Change + 1)..], producer, ref at);
            if (stop != Stop.AtTheEnd)
            {
                return stop;
            }
        }

        return Stop.AtTheEnd;
    }

    private Stop Produce(in Change<T> change, ReadOnlySpan<Change<T>> following, IKafkaProducer producer, ref Place at)
    {
        var origin = change.Metadata.Origin;
        if (route.Find(origin) is not { } topic)
        {
            return Stop.TopicUnknown;
        }

        schemas?.TurnTo(topic.Name);
        if (record.Encode(change, following) is { } unencodable)
        {
            return GiveUp(change, KafkaSinkErrors.Unencodable(Subject(change), unencodable), topic, producer);
        }

        if (topic.Rules.Fitness(record, now) is not RecordFitness.Fit and var unfit)
        {
            return GiveUp(change, unfit.Refusal(Subject(change), topic, record.Time), topic, producer);
        }

        var fitting = oversize.Fit(record, change, topic);
        if (fitting == Fitting.TooLarge)
        {
            return GiveUp(change, KafkaSinkErrors.TooLarge(Subject(change), topic.Name, record.Size, topic.Limit), topic, producer);
        }

        for (var parts = Parts(change, topic); at.Part < parts; at = at with { Part = at.Part + 1 })
        {
            switch (Produce(change, topic, producer, at.Part))
            {
                case ProduceResult.QueueFull:
                    return Stop.QueueFull;
                case ProduceResult.TooLarge:
                    return GiveUp(change, KafkaSinkErrors.TooLarge(Subject(change), topic.Name, record.Size, topic.Limit), topic, producer);
            }
        }

        oversize.Count(fitting, change.Metadata.Table);
        return Stop.AtTheEnd;
    }

    /// <summary>Produces one of the records that a change is: a truncate is one in each partition, a delete may be followed by a tombstone.</summary>
    private ProduceResult Produce(in Change<T> change, BoundTopic topic, IKafkaProducer producer, int part) =>
        change.Operation == Operation.Truncate
            ? producer.TryProduce(record.For(topic, part))
            : producer.TryProduce(record.For(topic, PartitionOf(change, topic), isTombstone: part > 0));

    private int Parts(in Change<T> change, BoundTopic topic) =>
        change.Operation == Operation.Truncate ? topic.Partitions
        : change.Operation == Operation.Delete && options.Tombstones && record.HasKey ? 2
        : 1;

    private int PartitionOf(in Change<T> change, BoundTopic topic) =>
        record.ChosenPartition(topic) is not { } chosen ? record.UsualPartition(topic)
        : chosen >= 0 && chosen < topic.Partitions ? chosen
        : throw KafkaSinkErrors.NoSuchPartition(Subject(change), chosen, topic.Partitions);

    /// <summary>Sends a change to the dead letters, or stops.</summary>
    private Stop GiveUp(in Change<T> change, CdcFlowException cause, BoundTopic topic, IKafkaProducer producer)
    {
        if (deadLetters is null)
        {
            throw cause;
        }

        if (deadLetters.Route.Find(change.Metadata.Origin) is not { } letters)
        {
            return Stop.DeadLetterTopicUnknown;
        }

        if (!deadLetters.TryProduce(record, cause, topic, letters, producer, session.DeadLetters))
        {
            return Stop.QueueFull;
        }

        session.RejectCount.Note(
            new RejectedChange { Node = options.Name, Metadata = change.Metadata, Operation = change.Operation, Code = cause.Code, Cause = cause.Happened }, isKept: true);
        return Stop.AtTheEnd;
    }

    private bool Writes(in Change<T> truncate) => options.Truncates switch
    {
        TruncateMode.EveryPartition => true,
        TruncateMode.Skip => false,
        _ => throw KafkaSinkErrors.Truncated(options.Name, truncate.Metadata.Table),
    };

    private string Subject(in Change<T> change) => $"Sink '{options.Name}': {change.Operation} of {change.Metadata.Table} at {change.Metadata.Offset}";

    /// <summary>How far a batch is written: a change, and of the records that it is, how many.</summary>
    private readonly record struct Place(int Change, int Part);
}
