using System.Globalization;
using System.Text;
using System.Text.Json;
using CdcFlow.Checkpoints;
using CdcFlow.Simulation.Tests.Pipelines;
using CdcFlow.Testing;
using CdcFlow.Testing.Kafka;

namespace CdcFlow.Simulation.Tests.Broker;

/// <summary>Shows what readers of committed records find in the topic as an in-memory sink's server, so that the same history judges it.</summary>
internal sealed class TopicMirror(InMemoryKafka kafka, InMemorySinkServer server)
{
    private const string Topic = "items";

    private readonly Dictionary<KafkaPartition, long> written = [];
    private readonly Dictionary<KafkaPartition, long> visible = [];
    private CheckpointRef? marker;

    /// <summary>Where the markers are.</summary>
    public static KafkaPartition Markers { get; } = new("cdcflow.pipeline.bus", 0);

    /// <summary>What no in-memory server could show; null while there is nothing.</summary>
    public string? Violation { get; private set; }

    public void Look()
    {
        server.Record(New(written, committedOnly: false));
        var changes = New(visible, committedOnly: true);
        var now = Marker();
        if (now == marker)
        {
            if (changes.Count > 0)
            {
                Violation ??= $"{changes.Count} records became visible without a marker, the first: {changes[0]}";
            }

            return;
        }

        if (now is not { } committed || (marker is { } last && committed.Id <= last.Id))
        {
            Violation ??= $"the marker went from {marker} to {now?.ToString() ?? "none"}";
            return;
        }

        marker = now;
        server.CommitTransaction(committed, changes);
    }

    private CheckpointRef? Marker()
    {
        if (kafka.Peek(Markers, committedOnly: true) is not { Count: > 0 } records)
        {
            return null;
        }

        var json = JsonElement.Parse(records[^1].Message.Value);
        return json.TryGetProperty("checkpoint", out var checkpoint)
            ? new CheckpointRef(new Epoch(checkpoint.GetProperty("epoch").GetInt64()), new CheckpointId(checkpoint.GetProperty("id").GetInt64()))
            : null;
    }

    /// <summary>Partition after partition: the order of keys in different partitions is nobody's promise.</summary>
    private List<WrittenChange> New(Dictionary<KafkaPartition, long> seen, bool committedOnly)
    {
        List<WrittenChange> changes = [];
        for (var number = 0; number < 2; number++)
        {
            var partition = new KafkaPartition(Topic, number);
            foreach (var record in kafka.Peek(partition, committedOnly).Where(record => record.Offset >= seen.GetValueOrDefault(partition)))
            {
                seen[partition] = record.Offset + 1;
                if (record.Message.Value is not null)
                {
                    changes.Add(Change(record, number));
                }
            }
        }

        return changes;
    }

    private static WrittenChange Change(LoggedMessage record, int partition)
    {
        var position = Encoding.UTF8.GetString(record.Message.Headers.Single(header => header.Name == "cdc-pos").Value!).Split('/');
        var offset = new SourceOffset(
            ulong.Parse(position[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            int.Parse(position[2], CultureInfo.InvariantCulture), short.Parse(position[3], CultureInfo.InvariantCulture));
        var value = JsonElement.Parse(record.Message.Value);
        var operation = OperationOf(value.GetProperty("op").GetString());
        object? key = record.Message.Key is { } bytes ? JsonElement.Parse(bytes).GetProperty("id").GetInt64() : null;
        var item = operation is Operation.Delete or Operation.Truncate
            ? null
            : new Item(value.GetProperty("id").GetInt64(), value.GetProperty("text").GetString()!, value.GetProperty("group").GetInt32());

        // Each record is a write of its own: the same change in two records is a double.
        var write = (record.Offset * 2) + partition;
        return new WrittenChange("bus", operation, position[0], new TableId("public", "items"), offset, key, item, record, new Epoch(record.Producer.Epoch), write);
    }

    private static Operation OperationOf(string? letter) => letter switch
    {
        "r" => Operation.SnapshotRead,
        "c" => Operation.Insert,
        "u" => Operation.Update,
        "d" => Operation.Delete,
        "t" => Operation.Truncate,
        _ => throw new FormatException(letter),
    };
}
