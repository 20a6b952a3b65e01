namespace CdcFlow.TestServers;

/// <summary>Starts a Kafka broker wherever one can be had.</summary>
public static class KafkaFinder
{
    /// <summary>A broker of the distribution that <c>KAFKA_HOME</c> names, else one in a container.</summary>
    /// <exception cref="InvalidOperationException">There is neither; says what to install.</exception>
    public static async Task<IBroker> StartAsync(CancellationToken cancellationToken) =>
        KafkaHome.Missing is not { } missing ? await KafkaServer.StartAsync(cancellationToken: cancellationToken)
        : ContainerEngine.Missing is not { } engine ? await KafkaContainer.StartAsync(cancellationToken)
        : throw new InvalidOperationException($"{missing} {engine}");
}
