using System.Text.Json;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Snapshot;

namespace CdcFlow.Postgres.Source;

/// <summary>The form of a <see cref="PostgresSourceState"/> in a checkpoint. Version 1 is that of CdcFlow 0.1, and is read.</summary>
internal static class SourceStateJson
{
    private const int Version = 2;

    internal static void Write(Utf8JsonWriter writer, PostgresSourceState state)
    {
        var identity = state.Identity;
        writer.WriteStartObject();
        writer.WriteNumber("version", Version);
        writer.WriteString("systemIdentifier", identity.SystemIdentifier);
        writer.WriteNumber("timeline", identity.Timeline);
        writer.WriteString("database", identity.Database);
        writer.WriteString("slot", identity.Slot);
        writer.WriteString("slotCreatedAt", identity.SlotCreatedAt.ToString());
        writer.WriteString("resumeAt", state.ResumeAt.ToString());
        if (state.LastCommitEnd is { } last)
        {
            writer.WriteString("lastCommitEnd", last.ToString());
        }

        if (state.Inside is { } inside)
        {
            writer.WriteStartObject("inside");
            writer.WriteString("commitLsn", inside.CommitLsn.ToString());
            writer.WriteNumber("event", inside.Event);
            writer.WriteEndObject();
        }

        if (state.Publication is { } publication)
        {
            writer.WriteStartObject("publication");
            writer.WriteString("name", publication.Name);
            writer.WriteNumber("oid", publication.Oid);
            writer.WriteBoolean("isOurs", publication.IsOurs);
            writer.WriteEndObject();
        }

        if (state.Resnapshot is { } request)
        {
            writer.WriteString("resnapshot", request);
        }

        if (state.Skipped.Count > 0)
        {
            WriteSkipped(writer, state.Skipped);
        }

        writer.WriteStartArray("tables");
        foreach (var table in state.Tables)
        {
            TableStateJson.Write(writer, table, state.Schemas.GetValueOrDefault(table.Table));
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteSkipped(Utf8JsonWriter writer, IReadOnlyList<SkippedLog> skipped)
    {
        writer.WriteStartArray("skipped");
        foreach (var (from, to) in skipped)
        {
            writer.WriteStartObject();
            writer.WriteString("from", from.ToString());
            writer.WriteString("to", to.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <exception cref="CdcFlowException">CDCF4047: a later version's, or not this source's at all.</exception>
    internal static PostgresSourceState Read(JsonElement json)
    {
        try
        {
            var version = json.GetProperty("version").GetInt32();
            return version is >= 1 and <= Version ? ReadKnown(json) : throw Unreadable($"is of version {version}, this program knows {Version}", null);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Unreadable("does not have the form of a PostgreSQL source's state", e);
        }
    }

    private static PostgresSourceState ReadKnown(JsonElement json)
    {
        var identity = new SourceIdentity(
            Text(json, "systemIdentifier"), json.GetProperty("timeline").GetUInt32(), Text(json, "database"), Text(json, "slot"),
            Lsn.Parse(Text(json, "slotCreatedAt")));
        TransactionPart? inside = json.TryGetProperty("inside", out var part)
            ? new TransactionPart(Lsn.Parse(Text(part, "commitLsn")), part.GetProperty("event").GetInt32())
            : null;
        var schemas = new Dictionary<TableId, TableSchema>();
        var tables = new List<TableSnapshotState>();
        foreach (var element in json.GetProperty("tables").EnumerateArray())
        {
            var table = TableStateJson.Read(element);
            tables.Add(table);
            if (TableStateJson.ReadSchema(element, table.Table) is { } schema)
            {
                schemas[table.Table] = schema;
            }
        }

        return new PostgresSourceState(identity, Lsn.Parse(Text(json, "resumeAt")), inside, tables, schemas)
        {
            LastCommitEnd = json.TryGetProperty("lastCommitEnd", out _) ? Lsn.Parse(Text(json, "lastCommitEnd")) : null,
            Publication = json.TryGetProperty("publication", out var mark)
                ? new PublicationMark(Text(mark, "name"), mark.GetProperty("oid").GetUInt32(), mark.GetProperty("isOurs").GetBoolean())
                : null,
            Skipped = json.TryGetProperty("skipped", out var skipped)
                ? [.. skipped.EnumerateArray().Select(skip => new SkippedLog(Lsn.Parse(Text(skip, "from")), Lsn.Parse(Text(skip, "to"))))]
                : [],
            Resnapshot = json.TryGetProperty("resnapshot", out var request) ? request.GetString() : null,
        };
    }

    internal static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null");

    private static CdcFlowException Unreadable(string reason, Exception? inner) => new(
        PostgresSourceErrorCodes.State,
        $"The source's part of the checkpoint {reason}.",
        "Run the version of the program that wrote it, or the pipeline under its own name with a checkpoint folder of its own.",
        inner: inner);
}
