using System.Text.Json;
using CdcFlow.Rejects;

namespace CdcFlow.Formats.Json;

/// <summary>A rejected change as one JSON object on one line. The shape is documented in <c>docs/reference/file-sink.md</c>.</summary>
public static class RejectJson
{
    /// <summary>Appends the object, without a line's end.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="sink">The sink that lacks the change.</param>
    /// <param name="rejected">The change.</param>
    /// <param name="isWhole">Whether the row is to stand in it, where it is known.</param>
    public static void Write(ByteBuffer output, string pipeline, string sink, RejectedChange rejected, bool isWhole = true)
    {
        var metadata = rejected.Metadata;
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("pipeline", pipeline);
        json.WriteString("sink", sink);
        json.WriteString("node", rejected.Node);
        json.WriteString("source", metadata.Source);
        json.WriteString("source_table", metadata.Table.ToString());
        json.WriteString("source_offset", metadata.Offset.ToString());
        json.WriteString("committed_at", metadata.CommittedAt);
        json.WriteString("operation", rejected.Operation.ToString());
        json.WriteString("key", rejected.Key);
        json.WriteBoolean("leaves_old_row", rejected.LeavesOldRow);
        json.WriteString("code", rejected.Code);
        json.WriteString("cause", rejected.Cause);
        json.WriteString("message", rejected.Message);
        json.WritePropertyName("evidence");
        if (isWhole && rejected.Row is { } row)
        {
            json.WriteRawValue(row);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteEndObject();
    }

    /// <summary>Reads an object that <see cref="Write"/> wrote.</summary>
    /// <exception cref="Exception">It is no such object.</exception>
    public static StoredReject Read(ReadOnlySpan<byte> line)
    {
        var json = JsonElement.Parse(line);
        return new StoredReject
        {
            Sink = Text("sink")!,
            Node = Text("node")!,
            Source = Text("source")!,
            Table = Text("source_table")!,
            Offset = Text("source_offset")!,
            CommittedAt = json.GetProperty("committed_at").GetDateTimeOffset(),
            Operation = Text("operation")!,
            Key = Text("key"),
            LeavesOldRow = json.GetProperty("leaves_old_row").GetBoolean(),
            Code = Text("code")!,
            Cause = Text("cause")!,
            Message = Text("message"),
            Evidence = json.GetProperty("evidence") is { ValueKind: not JsonValueKind.Null } evidence ? evidence.GetRawText() : null,
        };

        string? Text(string member) => json.GetProperty(member).GetString();
    }
}
