using CdcFlow.Kafka.Client;

namespace CdcFlow.Kafka.Tests.Behaviour;

/// <summary>A cluster to try: the model, or brokers.</summary>
internal interface IClusterStand
{
    /// <summary>A client of its own, as each process has. Topics and ids are taken to be shared with others: names must be new.</summary>
    IKafkaCluster Connect();

    /// <summary>Where readers of committed records come to in a partition now.</summary>
    ValueTask<long> StableEndAsync(string topic, int partition);
}
