using System.Globalization;
using System.Text.Json;
using CdcFlow.Hosting.Observation;
using CdcFlow.Rejects;
using CdcFlow.Runtime;

namespace CdcFlow.Hosting.Commands;

/// <summary>Rejected changes for people and for programs. Pure.</summary>
internal static class RejectText
{
    /// <summary>One line each, with keys and without rows; and where those stand that cannot be read back.</summary>
    public static string Lines(IReadOnlyList<ConnectionRejects> rejects)
    {
        string[] lines = [.. rejects.SelectMany(connection => connection.Kept.Rejects.Select(Line).Concat(connection.Kept.Unreadable.Select(LogText.Printable)).Concat(Elsewhere(connection)))];
        return lines.Length == 0 ? "There are no rejected changes." : string.Join('\n', lines);
    }

    /// <summary>An object for each connection.</summary>
    public static string Json(IReadOnlyList<ConnectionRejects> rejects) => JsonText.Write(json =>
    {
        json.WriteStartArray();
        foreach (var connection in rejects)
        {
            json.WriteStartObject();
            json.WriteString("connection", connection.Connection);
            json.WriteString("elsewhere", connection.Kept.Elsewhere);
            json.WriteStartArray("rejects");
            foreach (var reject in connection.Kept.Rejects)
            {
                Write(json, reject);
            }

            json.WriteEndArray();
            json.WriteStartArray("unreadable");
            foreach (var sentence in connection.Kept.Unreadable)
            {
                json.WriteStringValue(sentence);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static string Line(StoredReject reject) => LogText.Printable(string.Create(
        CultureInfo.InvariantCulture,
        $"{reject.CommittedAt.UtcDateTime:u} {reject.Sink}: {reject.Operation} of {(reject.Key is null ? "a row" : $"key {reject.Key}")} of {reject.Table} at {reject.Offset}, rejected by '{reject.Node}': {reject.Code}: {reject.Cause}{(reject.LeavesOldRow ? " The sink keeps the row as it was before." : "")}"));

    private static IEnumerable<string> Elsewhere(ConnectionRejects connection) =>
        connection.Kept.Elsewhere is { } place ? [$"Those of connection '{connection.Connection}' stand in {place}, and are not read from there."] : [];

    private static void Write(Utf8JsonWriter json, StoredReject reject)
    {
        json.WriteStartObject();
        json.WriteString("sink", reject.Sink);
        json.WriteString("node", reject.Node);
        json.WriteString("source", reject.Source);
        json.WriteString("sourceTable", reject.Table);
        json.WriteString("sourceOffset", reject.Offset);
        json.WriteString("committedAt", reject.CommittedAt);
        json.WriteString("operation", reject.Operation);
        json.WriteString("key", reject.Key);
        json.WriteBoolean("leavesOldRow", reject.LeavesOldRow);
        json.WriteString("code", reject.Code);
        json.WriteString("cause", reject.Cause);
        json.WriteString("message", reject.Message);
        json.WritePropertyName("evidence");
        if (reject.Evidence is { } evidence)
        {
            json.WriteRawValue(evidence);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteEndObject();
    }
}
