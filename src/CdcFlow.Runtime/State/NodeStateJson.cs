using System.Buffers;
using System.Text.Json;
using CdcFlow.Checkpointing.Protocol;

namespace CdcFlow.Runtime.State;

/// <summary>A node's entry in a manifest: the side files that its state consists of, the whole first, then the changes in their order.</summary>
internal static class NodeStateJson
{
    private const int Version = 1;

    public static JsonElement Write(IEnumerable<SideFileRef> parts)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteStartArray("parts");
            foreach (var part in parts)
            {
                json.WriteStringValue(part.ToString());
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    /// <exception cref="FormatException">It is not what a version that is known has written.</exception>
    public static IReadOnlyList<SideFileRef> Read(JsonElement entry)
    {
        try
        {
            return entry.GetProperty("version").GetInt32() == Version
                ? [.. entry.GetProperty("parts").EnumerateArray().Select(part => SideFileRef.Parse(part.GetString()) ?? throw new FormatException($"'{part}' names no side file"))]
                : throw new FormatException($"it is of version {entry.GetProperty("version")}, this program knows {Version}");
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("it does not have the form of a node's state", error);
        }
    }
}
