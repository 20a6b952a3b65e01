using CdcFlow.Rejects;

namespace CdcFlow.Kafka.Sink;

/// <summary>What a connection asks of each of its sinks, whatever their row type.</summary>
internal interface IKafkaSinkWriter : IDisposable
{
    /// <summary>The sink's settings.</summary>
    KafkaSinkOptions Options { get; }

    /// <summary>Finds the topics that are known by name, or makes them, and writes through a session from now on.</summary>
    ValueTask OpenAsync(SinkSession session, CancellationToken cancellationToken);

    /// <summary>Sends what a node before the sink has rejected to the sink's dead letters.</summary>
    ValueTask RejectAsync(RejectedChange rejected, CancellationToken cancellationToken);
}
