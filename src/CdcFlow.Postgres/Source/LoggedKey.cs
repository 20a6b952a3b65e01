using System.Globalization;
using CdcFlow.Configuration;
using CdcFlow.Postgres.Preflight;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source;

/// <summary>Whether a table has, at a place of the log, the key that its row types were checked with. Where it has another, two of its rows may be one to every sink,
/// so nothing behind that place is handed over.</summary>
/// <remarks>
/// Under DEFAULT the log itself tells the primary key of each place. Under the other identities the catalogue is asked, whenever the log describes the table anew: it may be
/// ahead of the log, and then the source stops somewhat early. Touched by the log's reader only.
/// </remarks>
/// <param name="source">The source's connection, for messages.</param>
/// <param name="definition">The table as it was when the run began.</param>
/// <param name="outputs">Who reads it.</param>
/// <param name="connection">For the catalogue.</param>
internal sealed class LoggedKey(string source, PostgresTable definition, TableOutput[] outputs, PostgresConnection connection)
{
    /// <summary>Looks at the table as the log describes it from now on.</summary>
    /// <param name="described">What the log says.</param>
    /// <param name="schema">The same, with what the server knows the columns by.</param>
    /// <param name="isBeingRead">Whether a snapshot of it is under way, which has what came under another key before.</param>
    /// <exception cref="CdcFlowException">CDCF4080: it has another key. CDCF4081: its keys may overlap from now on, and a restart sees to that.</exception>
    internal void Require(Relation described, TableSchema schema, bool isBeingRead)
    {
        var isTold = described.Identity == ReplicaIdentity.Default;
        if ((isTold && IsKnown(described, schema)) || outputs.All(output => output.Schema.KeyColumns.Count == 0))
        {
            return;
        }

        var now = TableCatalog.WithKeysOf(connection, definition);
        var wrong = TableChecks.Keys(connection, now, outputs).FirstOrDefault(check => check.Status == PreflightStatus.Failed);
        if (wrong is not null || (isTold && !isBeingRead))
        {
            throw Changed(wrong, described);
        }

        if (outputs.Any(output => now.KeysMayOverlap(output.Schema) && !definition.KeysMayOverlap(output.Schema)))
        {
            throw new CdcFlowException(
                PostgresSourceErrorCodes.KeysOverlap, $"Table {definition.Id} has lost the unique index of its key.",
                "The pipeline restarts by itself, and tells rows of equal keys apart by their other columns.", isTransient: true);
        }
    }

    private bool IsKnown(Relation described, TableSchema schema)
    {
        var logged = described.Columns.Select((column, index) => (column.IsKey, Name: schema.Columns[index].Identity ?? column.Name)).Where(column => column.IsKey).Select(column => column.Name);
        var known = definition.Columns.Where(column => definition.PrimaryKey.Contains(column.Name)).ToList();
        return logged.ToHashSet() is var key
            && (key.SetEquals(known.Select(column => column.Number.ToString(CultureInfo.InvariantCulture))) || key.SetEquals(known.Select(column => column.Name)));
    }

    private CdcFlowException Changed(PreflightCheck? wrong, Relation described)
    {
        var place = connection.Query("SELECT pg_current_wal_lsn()").Scalar;
        var logged = string.Join(", ", described.Columns.Where(column => column.IsKey).Select(column => column.Name));
        return new CdcFlowException(
            PostgresSourceErrorCodes.KeyChanged,
            wrong is null
                ? $"The log has rows of table {definition.Id} that were written under another key than it has now ({string.Join(", ", definition.PrimaryKey)}): {(logged.Length > 0 ? logged : "none")}."
                : $"The primary key or the replica identity of table {definition.Id} was changed, so that rows which sinks take for one may be several from here on: {wrong.Sentence}",
            $"{(wrong is null ? "" : $"{wrong.Fix} Then: ")}run --skip-to {source}={place} --resnapshot {Pasted.Word(definition.Id.ToString())}, which reads the table anew and leaves out what was written under another key.");
    }
}
