namespace CdcFlow.Kafka.Sink.Topics;

/// <summary>Where the changes of one sink go: finds a change's topic without a look at names while the transaction is the same.</summary>
internal sealed class TopicRoute(TopicTemplate template)
{
    private readonly Dictionary<(string Source, TableId Table), BoundTopic> topics = [];
    private ChangeOrigin? lastOrigin;
    private BoundTopic? last;

    public TopicTemplate Template => template;

    /// <summary>The topic of changes of an origin; null when it is not bound yet.</summary>
    public BoundTopic? Find(ChangeOrigin origin)
    {
        if (!ReferenceEquals(origin, lastOrigin))
        {
            lastOrigin = origin;
            last = topics.GetValueOrDefault((origin.Table.Source, origin.Table.Id));
        }

        return last;
    }

    /// <summary>Sends changes of an origin to a topic.</summary>
    public void Bind(ChangeOrigin origin, BoundTopic topic)
    {
        topics[(origin.Table.Source, origin.Table.Id)] = topic;
        lastOrigin = null;
    }
}
