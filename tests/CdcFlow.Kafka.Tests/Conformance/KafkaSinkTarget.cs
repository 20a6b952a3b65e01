using System.Text.Json;
using CdcFlow.Configuration;
using CdcFlow.Files.Tests.Conformance;
using CdcFlow.Formats.Records;
using CdcFlow.Kafka.Client;
using CdcFlow.Kafka.Sink;
using CdcFlow.Rows;
using CdcFlow.Sinks;
using CdcFlow.Testing.Conformance;

namespace CdcFlow.Kafka.Tests.Conformance;

/// <summary>Topics of flat JSON on some cluster, read as a consumer of committed records reads them.</summary>
/// <param name="connect">Makes a client of its own, as each process has.</param>
/// <param name="stableEnd">Where readers of committed records come to in a partition now: port and model wait for more, and a reader here must not.</param>
/// <param name="configure">What else the sinks are told.</param>
internal sealed class KafkaSinkTarget(
    Func<IKafkaCluster> connect, Func<string, int, ValueTask<long>> stableEnd, Action<KafkaSinkAttribute>? configure = null) : ISinkTarget
{
    private const int Partitions = 3;

    private readonly IKafkaCluster reader = connect();

    public ISinkConnection Connect()
    {
        var attribute = (KafkaSinkAttribute)Sink("first");
        var context = Context();
        return new SettlingConnection(new KafkaSinkConnection(context, KafkaConnectionOptions.Resolve(attribute, context), connect(), "here"), SettleAsync);
    }

    public SinkAttribute Sink(string name)
    {
        var attribute = new KafkaSinkAttribute("bus")
        {
            Name = name,
            Topic = name,
            Format = RecordFormat.Json,
            CreateTopic = true,
            Partitions = Partitions,
            TopicConfig = "retention.ms=-1", // the changes of these checks are months old, and brokers delete by the record's time
        };
        configure?.Invoke(attribute);
        return attribute;
    }

    public async ValueTask<IReadOnlyList<object?[]>> ReadAsync(string sink, RowSchema schema, CancellationToken cancellationToken)
    {
        List<object?[]> rows = [];
        for (var partition = 0; partition < Partitions; partition++)
        {
            rows.AddRange(JsonLinesFold.Fold(await ValuesAsync(TopicOf(sink), partition, cancellationToken), schema));
        }

        return rows;
    }

    public async ValueTask<long?> CountChangesAsync(string sink, CancellationToken cancellationToken)
    {
        var count = 0;
        for (var partition = 0; partition < Partitions; partition++)
        {
            count += (await ValuesAsync(TopicOf(sink), partition, cancellationToken)).Count;
        }

        return count;
    }

    /// <summary>A process that dies says nothing to the brokers.</summary>
    public ValueTask KillAsync(ISinkConnection connection) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => reader.DisposeAsync();

    internal static ConnectorContext Context(TimeProvider? time = null) => new(
        SinkConformance.Pipeline, "bus", "bootstrap.servers=unused", ConnectorSettings.None, time ?? TimeProvider.System, Checkpointing.IO.LocalFileSystem.Default, new NoLog())
    {
        OtherConnectionString = name => name, // a folder stands for itself
    };

    /// <summary>Waits until every topic shows what is decided.</summary>
    private async ValueTask SettleAsync(IEnumerable<string> sinks, CancellationToken cancellationToken)
    {
        foreach (var topic in sinks.Select(TopicOf))
        {
            for (var partition = 0; partition < Partitions; partition++)
            {
                var end = await reader.HighWatermarkAsync(topic, partition, cancellationToken);
                await reader.ReadAsync(new PartitionRange(topic, partition, end - 1, end), Isolation.ReadCommitted, (in FetchedRecord _) => { }, cancellationToken);
            }
        }
    }

    private string TopicOf(string sink) => ((KafkaSinkAttribute)Sink(sink)).Topic;

    private async ValueTask<List<JsonElement>> ValuesAsync(string topic, int partition, CancellationToken cancellationToken)
    {
        List<JsonElement> values = [];
        var end = await stableEnd(topic, partition);
        await reader.ReadAsync(new PartitionRange(topic, partition, 0, end), Isolation.ReadCommitted, Take, cancellationToken);
        return values;

        void Take(in FetchedRecord record)
        {
            if (!record.IsTombstone)
            {
                values.Add(JsonElement.Parse(record.Value));
            }
        }
    }

    private sealed class NoLog : IConnectorLog
    {
        public void Information(string message)
        {
        }

        public void Warning(string code, string message)
        {
        }
    }
}
