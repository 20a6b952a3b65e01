namespace CdcFlow.Testing.Kafka;

/// <summary>A topic as its description shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Tells it from one of the same name that was deleted.</param>
/// <param name="Partitions">How many partitions it has.</param>
/// <param name="Config">Settings that were given when it was made; <c>max.message.bytes</c> is the one that the model obeys.</param>
public sealed record InMemoryTopic(string Name, int Id, int Partitions, IReadOnlyDictionary<string, string> Config);

/// <summary>A topic with its logs.</summary>
internal sealed class TopicLogs(string name, int id, IReadOnlyDictionary<string, string> config)
{
    private const int MaxMessageBytesByDefault = 1_048_588;

    public List<PartitionLog> Partitions { get; } = [];

    public int MaxMessageBytes { get; } =
        config.TryGetValue("max.message.bytes", out var text) ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : MaxMessageBytesByDefault;

    public InMemoryTopic Description => new(name, id, Partitions.Count, config);

    public void GrowTo(int count)
    {
        while (Partitions.Count < count)
        {
            Partitions.Add(new PartitionLog(new KafkaPartition(name, Partitions.Count)));
        }
    }
}
