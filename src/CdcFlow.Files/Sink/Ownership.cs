using System.Buffers;
using System.Text.Json;
using CdcFlow.Checkpoints;

namespace CdcFlow.Files.Sink;

/// <summary>What the hidden file in a folder says: whose instance has opened it last.</summary>
/// <param name="Store">The instance's checkpoint store; null after a reset.</param>
/// <param name="Epoch">The instance's epoch.</param>
/// <param name="OpenedAt">When, by the instance's clock. For people.</param>
/// <param name="Opening">Made at random by each opening, so that of two copies of one store, whose epochs may be equal, the one that came last is told.</param>
/// <param name="Folders">In the connection's own folder, the folders of its sinks; elsewhere none.</param>
internal sealed record Ownership(StoreId? Store, Epoch Epoch, DateTimeOffset OpenedAt, Guid Opening, IReadOnlyList<string> Folders)
{
    /// <summary>What readers find there from before a reset; null: nothing.</summary>
    public CheckpointRef? Before { get; init; }

    /// <exception cref="JsonException">It is no such text; or one of several other exceptions.</exception>
    public static Ownership Read(byte[] text)
    {
        using var document = JsonDocument.Parse(text);
        var json = document.RootElement;
        CheckpointRef? before = json.TryGetProperty("before", out var past)
            ? new CheckpointRef(new Epoch(past.GetProperty("epoch").GetInt64()), new CheckpointId(past.GetProperty("id").GetInt64()))
            : null;
        return new Ownership(
            before is not null && !json.TryGetProperty("store", out _) ? null : StoreId.Parse(json.GetProperty("store").GetString()) ?? throw new FormatException(),
            new Epoch(json.GetProperty("epoch").GetInt64()),
            json.GetProperty("openedAt").GetDateTimeOffset(),
            json.TryGetProperty("opening", out var opening) ? opening.GetGuid() : Guid.Empty,
            json.TryGetProperty("folders", out var folders) ? [.. folders.EnumerateArray().Select(folder => folder.GetString()!)] : [])
        {
            Before = before,
        };
    }

    public byte[] Text()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (Store is { } owner)
            {
                json.WriteString("store", owner.ToString());
            }

            json.WriteNumber("epoch", Epoch.Value);
            json.WriteString("openedAt", OpenedAt);
            json.WriteString("opening", Opening);
            if (Before is { } past)
            {
                json.WriteStartObject("before");
                json.WriteNumber("epoch", past.Epoch.Value);
                json.WriteNumber("id", past.Id.Value);
                json.WriteEndObject();
            }

            if (Folders.Count > 0)
            {
                json.WriteStartArray("folders");
                foreach (var folder in Folders)
                {
                    json.WriteStringValue(folder);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
