using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using CdcFlow.Checkpointing.Definitions;
using CdcFlow.Checkpoints;
using CdcFlow.Sinks;

namespace CdcFlow.Checkpointing.Protocol;

/// <summary>A manifest as JSON: indented, members in a fixed order, no type names.</summary>
public static class ManifestJson
{
    private static readonly JsonWriterOptions writing = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions reading = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>Writes a manifest as UTF-8 text that ends with a line feed.</summary>
    public static byte[] Write(CheckpointManifest manifest)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, writing))
        {
            json.WriteStartObject();
            json.WriteString("pipeline", manifest.Pipeline);
            if (manifest.Store is { } store)
            {
                json.WriteString("store", store.ToString());
            }

            WriteRef(json, "checkpoint", manifest.Checkpoint);
            json.WriteString("createdAt", manifest.CreatedAt);
            json.WriteString("graph", manifest.GraphFingerprint);
            WriteRef(json, "lastCommitted", manifest.LastCommitted);
            WriteStates(json, "sources", manifest.Sources);
            WriteStates(json, "nodes", manifest.Nodes);
            WriteSinks(json, manifest.Sinks);
            WriteSideFiles(json, manifest.SideFiles);
            if (manifest.Definition is { } definition)
            {
                json.WritePropertyName("definition");
                DefinitionJson.Write(json, definition);
            }

            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">Not JSON.</exception>
    /// <exception cref="InvalidOperationException">Not a manifest; likewise <see cref="FormatException"/> and <see cref="KeyNotFoundException"/>.</exception>
    public static CheckpointManifest Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, reading);
        // The states outlive the document.
        var root = document.RootElement.Clone();
        return new CheckpointManifest
        {
            Pipeline = Text(root, "pipeline"),
            Store = root.TryGetProperty("store", out var store) ? StoreId.Parse(store.GetString()) ?? throw new FormatException("'store' must be an id.") : null,
            Checkpoint = ReadRef(root.GetProperty("checkpoint")) ?? throw new FormatException("A checkpoint must have a reference."),
            CreatedAt = root.GetProperty("createdAt").GetDateTimeOffset(),
            GraphFingerprint = Text(root, "graph"),
            LastCommitted = ReadRef(root.GetProperty("lastCommitted")),
            Sources = ReadStates(root.GetProperty("sources")),
            Nodes = ReadStates(root.GetProperty("nodes")),
            Sinks = ReadSinks(root.GetProperty("sinks")),
            SideFiles = root.TryGetProperty("sideFiles", out var files) ? ReadSideFiles(files) : [],
            Definition = root.TryGetProperty("definition", out var definition) ? DefinitionJson.Read(definition) : null,
        };
    }

    private static void WriteRef(Utf8JsonWriter json, string name, CheckpointRef? checkpoint)
    {
        if (checkpoint is not { } value)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("epoch", value.Epoch.Value);
        json.WriteNumber("id", value.Id.Value);
        json.WriteEndObject();
    }

    private static CheckpointRef? ReadRef(JsonElement json) => json.ValueKind == JsonValueKind.Null
        ? null
        : new CheckpointRef(new Epoch(json.GetProperty("epoch").GetInt64()), new CheckpointId(json.GetProperty("id").GetInt64()));

    private static void WriteStates(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, JsonElement> states)
    {
        json.WriteStartObject(name);
        foreach (var (key, state) in states.OrderBy(state => state.Key, StringComparer.Ordinal))
        {
            json.WritePropertyName(key);
            state.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static Dictionary<string, JsonElement> ReadStates(JsonElement json) =>
        json.EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);

    private static void WriteSideFiles(Utf8JsonWriter json, IReadOnlyCollection<SideFileRef> files)
    {
        if (files.Count == 0)
        {
            return;
        }

        json.WriteStartArray("sideFiles");
        foreach (var name in files.Select(file => file.ToString()).Order(StringComparer.Ordinal))
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }

    private static SideFileRef[] ReadSideFiles(JsonElement json) =>
        [.. json.EnumerateArray().Select(name => SideFileRef.Parse(name.GetString()) ?? throw new FormatException($"'{name}' names no side file."))];

    private static void WriteSinks(Utf8JsonWriter json, IReadOnlyDictionary<string, PreparedSink> sinks)
    {
        json.WriteStartObject("sinks");
        foreach (var (connection, sink) in sinks.OrderBy(sink => sink.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject(connection);
            json.WriteString("kind", sink.Kind.ToString());
            json.WritePropertyName("committable");
            sink.Committable.Json.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static Dictionary<string, PreparedSink> ReadSinks(JsonElement json) => json.EnumerateObject().ToDictionary(
        member => member.Name,
        member => new PreparedSink(ReadKind(Text(member.Value, "kind")), new Committable(member.Value.GetProperty("committable"))),
        StringComparer.Ordinal);

    private static SinkKind ReadKind(string text) => Enum.TryParse<SinkKind>(text, out var kind) && Enum.IsDefined(kind)
        ? kind
        : throw new FormatException($"'{text}' is no kind of sink.");

    private static string Text(JsonElement json, string name) =>
        json.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' must be a text.");
}
