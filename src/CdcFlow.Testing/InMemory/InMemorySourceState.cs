using System.Text.Json;
using CdcFlow.Sources;

namespace CdcFlow.Testing;

/// <summary>Where an in-memory source stands.</summary>
/// <param name="Start">The transaction after which the log was first read: the snapshot is of the rows there were then.</param>
/// <param name="Last">The last change handed over.</param>
/// <param name="IsWhole">Whether the whole transaction of <paramref name="Last"/> was handed over.</param>
/// <param name="RowsRead">By table, how many of its initial rows were read; -1 when its snapshot is complete.</param>
internal sealed record InMemorySourceState(ulong Start, SourceOffset Last, bool IsWhole, IReadOnlyDictionary<string, int> RowsRead)
    : SourceState
{
    public const int Complete = -1;

    private const int Version = 1;

    /// <summary>The newest transaction that was handed over whole.</summary>
    public ulong LastWhole => IsWhole ? Last.Transaction : Last.Transaction - 1;

    public static InMemorySourceState Parse(JsonElement json)
    {
        if (json.GetProperty("version").GetInt32() != Version)
        {
            throw new CdcFlowException(
                InMemoryErrorCodes.StateNewer, "The state was written by a newer version of the in-memory source.", "Run that version, or begin afresh: `run --restore-from none`.");
        }

        var last = new SourceOffset(json.GetProperty("transaction").GetUInt64(), json.GetProperty("event").GetInt32(), json.GetProperty("row").GetInt16());
        var read = json.GetProperty("rowsRead").EnumerateObject().ToDictionary(table => table.Name, table => table.Value.GetInt32());
        return new InMemorySourceState(json.GetProperty("start").GetUInt64(), last, json.GetProperty("whole").GetBoolean(), read);
    }

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", Version);
        writer.WriteNumber("start", Start);
        writer.WriteNumber("transaction", Last.Transaction);
        writer.WriteNumber("event", Last.Event);
        writer.WriteNumber("row", Last.Row);
        writer.WriteBoolean("whole", IsWhole);
        writer.WriteStartObject("rowsRead");
        foreach (var (table, rows) in RowsRead)
        {
            writer.WriteNumber(table, rows);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
