using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Sink.Topics;

/// <summary>The topics that a connection writes to, and as what it knew them.</summary>
/// <param name="cluster">Where they are.</param>
/// <param name="known">The topics that the last committed checkpoint knew.</param>
/// <param name="allowChange">Whether to go on when one has changed.</param>
/// <param name="recordBytesMax">How large a record the client sends.</param>
internal sealed class TopicCatalog(IKafkaCluster cluster, IReadOnlyDictionary<string, KnownTopic> known, bool allowChange, int recordBytesMax)
{
    private readonly SortedDictionary<string, BoundTopic> bound = new(StringComparer.Ordinal);

    /// <summary>What the next marker shall say about topics, those included that have not been written to lately.</summary>
    public IReadOnlyDictionary<string, KnownTopic> Known
    {
        get
        {
            var all = new SortedDictionary<string, KnownTopic>(known.ToDictionary(), StringComparer.Ordinal);
            foreach (var (name, topic) in bound)
            {
                all[name] = topic.As;
            }

            return all;
        }
    }

    /// <summary>Finds a topic, or makes it if that is asked for.</summary>
    /// <exception cref="CdcFlowException">It is missing, or not as it was.</exception>
    public async ValueTask<BoundTopic> BindAsync(string name, string sink, TopicDefinition definition, CancellationToken cancellationToken)
    {
        if (bound.TryGetValue(name, out var topic))
        {
            return topic;
        }

        var found = await FindAsync(name, definition, cancellationToken) ?? throw KafkaSinkErrors.NoTopic(sink, name, definition.Partitions);
        var rules = await RulesAsync(name, cancellationToken);
        topic = new BoundTopic(cluster.Topic(name))
        {
            As = new KnownTopic(found.Id, found.Partitions),
            Limit = new RecordLimit(rules.RecordBytesMax, recordBytesMax),
            Rules = rules,
        };
        if (known.TryGetValue(name, out var before))
        {
            Require(name, before, topic.As);
        }

        bound.Add(name, topic);
        return topic;
    }

    /// <summary>Looks whether all are still what they were when they were bound. Where that is allowed, what has changed counts from here on.</summary>
    public async ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        foreach (var (name, topic) in bound)
        {
            var found = await cluster.DescribeTopicAsync(name, cancellationToken)
                ?? throw KafkaSinkErrors.Changed(name, "was deleted");
            var now = new KnownTopic(found.Id, found.Partitions);
            Require(name, topic.As, now);
            topic.As = now;
        }
    }

    private void Require(string name, KnownTopic before, KnownTopic now)
    {
        if (!allowChange && before.DifferenceTo(now) is { } how)
        {
            throw KafkaSinkErrors.Changed(name, how);
        }
    }

    private async ValueTask<TopicDescription?> FindAsync(string name, TopicDefinition definition, CancellationToken cancellationToken)
    {
        var found = await cluster.DescribeTopicAsync(name, cancellationToken);
        if (found is not null || !definition.Create)
        {
            return found;
        }

        try
        {
            await cluster.CreateTopicAsync(definition.Named(name), cancellationToken);
        }
        catch (KafkaException error) when (error.Failure == KafkaFailure.TopicExists)
        {
            // Somebody else made it at the same moment.
        }

        return await cluster.DescribeTopicAsync(name, cancellationToken);
    }

    /// <summary>Whoever may not read a topic's settings finds out about its limits from the broker's refusal.</summary>
    private async ValueTask<TopicRules> RulesAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return TopicRules.Of(await cluster.TopicConfigAsync(name, cancellationToken));
        }
        catch (KafkaException error) when (error.Failure == KafkaFailure.Refused)
        {
            return TopicRules.Untold;
        }
    }
}
