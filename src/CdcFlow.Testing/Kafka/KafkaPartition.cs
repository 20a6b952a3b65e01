namespace CdcFlow.Testing.Kafka;

/// <summary>Names a partition of a topic.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Partition">Its number, from 0.</param>
public readonly record struct KafkaPartition(string Topic, int Partition)
{
    /// <summary><c>topic-partition</c>, as Kafka writes it.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Topic}-{Partition}");
}
