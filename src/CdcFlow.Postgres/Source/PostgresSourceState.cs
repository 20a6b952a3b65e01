using System.Text.Json;
using CdcFlow.Postgres.Replication;
using CdcFlow.Snapshots;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Source;

/// <summary>Which server, database and slot a state belongs to: it means nothing elsewhere.</summary>
/// <param name="SystemIdentifier">The cluster's, made by initdb.</param>
/// <param name="Timeline">The timeline that the state's places in the log are of; changes at a promotion.</param>
/// <param name="Database">The database.</param>
/// <param name="Slot">The slot's name.</param>
/// <param name="SlotCreatedAt">The place in the log where the slot began: a slot made anew begins later.</param>
internal sealed record SourceIdentity(string SystemIdentifier, uint Timeline, string Database, string Slot, Lsn SlotCreatedAt);

/// <summary>The place inside a transaction that was handed over in parts.</summary>
/// <param name="CommitLsn">The transaction.</param>
/// <param name="Event">The first of its events that is not handed over yet.</param>
internal readonly record struct TransactionPart(Lsn CommitLsn, int Event);

/// <summary>From where the source goes on.</summary>
/// <param name="Identity">The server.</param>
/// <param name="ResumeAt">Every transaction that ends in the log at or before this is handed over, and none beyond except <paramref name="Inside"/>.</param>
/// <param name="Inside">The transaction after <paramref name="ResumeAt"/> of which some is handed over; null: none.</param>
/// <param name="Tables">Snapshot progress, one entry per table ever read.</param>
/// <param name="Relations">Each table's columns as the log last described them, as <c>name type</c>.</param>
internal sealed record PostgresSourceState(
    SourceIdentity Identity, Lsn ResumeAt, TransactionPart? Inside,
    IReadOnlyList<TableSnapshotState> Tables, IReadOnlyDictionary<TableId, IReadOnlyList<string>> Relations) : SourceState
{
    private const int Version = 1;

    /// <summary>A place behind all that was handed over, also of a transaction in part.</summary>
    internal Lsn ReadUpTo => Inside is { } inside && inside.CommitLsn >= ResumeAt ? new Lsn(inside.CommitLsn.Value + 1) : ResumeAt;

    /// <summary>Where the last transaction ended that came before <see cref="Inside"/>; null: none came, or the version that wrote the state did not say.</summary>
    internal Lsn? LastCommitEnd { get; init; }

    internal bool IsSnapshotComplete => Tables.All(table => table.IsComplete);

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", Version);
        writer.WriteString("systemIdentifier", Identity.SystemIdentifier);
        writer.WriteNumber("timeline", Identity.Timeline);
        writer.WriteString("database", Identity.Database);
        writer.WriteString("slot", Identity.Slot);
        writer.WriteString("slotCreatedAt", Identity.SlotCreatedAt.ToString());
        writer.WriteString("resumeAt", ResumeAt.ToString());
        if (LastCommitEnd is { } last)
        {
            writer.WriteString("lastCommitEnd", last.ToString());
        }

        if (Inside is { } inside)
        {
            writer.WriteStartObject("inside");
            writer.WriteString("commitLsn", inside.CommitLsn.ToString());
            writer.WriteNumber("event", inside.Event);
            writer.WriteEndObject();
        }

        writer.WriteStartArray("tables");
        foreach (var table in Tables)
        {
            Write(writer, table);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Reads a checkpoint's part.</summary>
    /// <exception cref="CdcFlowException">CDCF4047: another version's, or not this source's at all.</exception>
    internal static PostgresSourceState Read(JsonElement json)
    {
        try
        {
            var version = json.GetProperty("version").GetInt32();
            return version == Version ? ReadVersion1(json) : throw Unreadable($"is of version {version}, this program knows {Version}", null);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Unreadable("does not have the form of a PostgreSQL source's state", e);
        }
    }

    private static PostgresSourceState ReadVersion1(JsonElement json)
    {
        var identity = new SourceIdentity(
            Text(json, "systemIdentifier"), json.GetProperty("timeline").GetUInt32(), Text(json, "database"), Text(json, "slot"),
            Lsn.Parse(Text(json, "slotCreatedAt")));
        TransactionPart? inside = json.TryGetProperty("inside", out var part)
            ? new TransactionPart(Lsn.Parse(Text(part, "commitLsn")), part.GetProperty("event").GetInt32())
            : null;
        var relations = new Dictionary<TableId, IReadOnlyList<string>>();
        var tables = new List<TableSnapshotState>();
        foreach (var element in json.GetProperty("tables").EnumerateArray())
        {
            var table = new TableId(Text(element, "schema"), Text(element, "name"));
            var frontier = element.TryGetProperty("after", out var after) ? new ChunkKey([.. Strings(after)]) : null;
            tables.Add(new TableSnapshotState(table, element.GetProperty("isComplete").GetBoolean(), frontier, element.GetProperty("rows").GetInt64())
            {
                Key = element.TryGetProperty("key", out var key) ? key.GetString() : null,
            });
            if (element.TryGetProperty("columns", out var columns))
            {
                relations[table] = [.. Strings(columns)];
            }
        }

        return new PostgresSourceState(identity, Lsn.Parse(Text(json, "resumeAt")), inside, tables, relations)
        {
            LastCommitEnd = json.TryGetProperty("lastCommitEnd", out _) ? Lsn.Parse(Text(json, "lastCommitEnd")) : null,
        };
    }

    private void Write(Utf8JsonWriter writer, TableSnapshotState table)
    {
        writer.WriteStartObject();
        writer.WriteString("schema", table.Table.Schema);
        writer.WriteString("name", table.Table.Name);
        writer.WriteBoolean("isComplete", table.IsComplete);
        writer.WriteNumber("rows", table.Rows);
        if (table.Frontier is not null)
        {
            writer.WriteString("key", table.Key);
            Write(writer, "after", table.Frontier.Values);
        }

        if (Relations.TryGetValue(table.Table, out var columns))
        {
            Write(writer, "columns", columns);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null");

    private static IEnumerable<string> Strings(JsonElement array) =>
        array.EnumerateArray().Select(element => element.GetString() ?? throw new FormatException("a text is null"));

    private static CdcFlowException Unreadable(string reason, Exception? inner) => new(
        PostgresSourceErrorCodes.State,
        $"The source's part of the checkpoint {reason}.",
        "Run the version of the program that wrote it, or the pipeline under its own name with a checkpoint folder of its own.",
        inner: inner);
}
