using System.Buffers;
using System.Text.Json;
using CdcFlow.Checkpoints;
using CdcFlow.Kafka.Sink.Topics;

namespace CdcFlow.Kafka.Sink.Commit;

/// <summary>A marker as it stands in its topic: readable JSON.</summary>
internal static class MarkerJson
{
    private const int Version = 1;

    public static void Write(Marker marker, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteNumber("version", Version);
        json.WriteNumber("epoch", marker.Epoch.Value);
        json.WriteString("holder", marker.Holder);
        if (marker.Store is { } store)
        {
            json.WriteString("store", store.ToString());
        }

        if (marker.Checkpoint is { } checkpoint)
        {
            json.WriteStartObject("checkpoint");
            json.WriteNumber("epoch", checkpoint.Epoch.Value);
            json.WriteNumber("id", checkpoint.Id.Value);
            json.WriteEndObject();
        }

        json.WriteStartObject("topics");
        foreach (var (name, topic) in marker.Topics)
        {
            json.WriteStartObject(name);
            json.WriteString("id", topic.Id);
            json.WriteNumber("partitions", topic.Partitions);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("positions");
        foreach (var (source, position) in marker.Positions)
        {
            json.WriteString(source, position);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Reads a marker.</summary>
    /// <exception cref="FormatException">It is none, or a newer version's; the message ends a sentence about it.</exception>
    public static Marker Read(ReadOnlySpan<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.ToArray(), new JsonDocumentOptions { AllowDuplicateProperties = false });
            var root = document.RootElement;
            return root.GetProperty("version").GetInt32() <= Version
                ? Read(root)
                : throw new FormatException("was written by a newer version of CdcFlow: run that one");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException("is no marker", error);
        }
    }

    private static Marker Read(JsonElement root) => new(
        new Epoch(root.GetProperty("epoch").GetInt64()),
        root.GetProperty("holder").GetString() ?? "",
        root.TryGetProperty("checkpoint", out var checkpoint)
            ? new CheckpointRef(new Epoch(checkpoint.GetProperty("epoch").GetInt64()), new CheckpointId(checkpoint.GetProperty("id").GetInt64()))
            : null,
        root.GetProperty("topics").EnumerateObject().ToDictionary(
            topic => topic.Name, topic => new KnownTopic(topic.Value.GetProperty("id").GetGuid(), topic.Value.GetProperty("partitions").GetInt32())),
        root.GetProperty("positions").EnumerateObject().ToDictionary(position => position.Name, position => position.Value.GetString() ?? ""))
    {
        Store = root.TryGetProperty("store", out var store) ? StoreId.Parse(store.GetString()) ?? throw new FormatException("names no store") : null, // 0.1 wrote none
    };
}
