using System.Globalization;
using CdcFlow.Configuration;
using CdcFlow.Postgres.Snapshot;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source.Watch;

/// <summary>Looks whether tables and publication are still those that the run began with: the log does not tell of a table that was dropped or renamed,
/// nor of a publication that was altered.</summary>
/// <remarks>Touched by the log's reader only.</remarks>
/// <param name="tables">What the run reads.</param>
/// <param name="published">How each was published when the run began; null: not known.</param>
/// <param name="connection">The log reader's own.</param>
/// <param name="options">The options.</param>
/// <param name="log">Where a table without its name and an altered publication are reported.</param>
internal sealed class IdentityLook(
    IReadOnlyList<PostgresTable> tables, IReadOnlyDictionary<TableId, string?> published, PostgresConnection connection, PostgresSourceOptions options, IConnectorLog log)
{
    private readonly Dictionary<TableId, string?> proofs = new(published);
    private readonly HashSet<TableId> away = [];

    /// <summary>Looks.</summary>
    /// <exception cref="CdcFlowException">CDCF4053, CDCF4055: what was read from the log may lack changes from here on.</exception>
    internal void Look()
    {
        var rows = connection.Query(
            $"""
            SELECT to_regclass(w.name)::oid, (SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = w.oid)
            FROM (VALUES {string.Join(", ", tables.Select(Row))}) AS w (place, name, oid) ORDER BY w.place
            """).Rows;
        List<TableGap> gaps = [.. tables.Zip(rows, (table, row) => GapOf(table, row[0], row[1])).OfType<TableGap>()];
        var now = PublicationProof.Read(connection, options.Publication, tables);
        var changes = tables.Where(table => proofs[table.Id] is not null && !away.Contains(table.Id))
            .ToLookup(table => PublicationProof.Compare(proofs[table.Id]!, now.GetValueOrDefault(table.Id)));
        gaps.AddRange(changes[ProofChange.Gap].Select(table => TableGap.Unpublished(table.Id, options.Publication, now.ContainsKey(table.Id))));
        if (gaps.Count > 0)
        {
            var stop = TableGap.Stop(gaps);
            throw options.Startup == Startup.WhenNeeded
                ? new CdcFlowException(stop.Code, stop.Happened, "The pipeline restarts and reads the tables anew.", isTransient: true)
                : stop;
        }

        if (changes[ProofChange.Altered].Any())
        {
            log.Warning(PostgresSourceErrorCodes.PublicationGap, PublicationProof.AlteredSentence(options.Publication));
        }

        foreach (var table in changes[ProofChange.Altered])
        {
            proofs[table.Id] = now[table.Id];
        }
    }

    private TableGap? GapOf(PostgresTable table, string? oidNow, string? nameNow)
    {
        if (oidNow is not null)
        {
            away.Remove(table.Id);
            var oid = uint.Parse(oidNow, CultureInfo.InvariantCulture);
            return oid == table.Oid ? null : TableGap.Replaced(table.Id, table.Oid.ToString(CultureInfo.InvariantCulture), oid);
        }

        if (away.Add(table.Id))
        {
            log.Warning(
                PostgresSourceErrorCodes.TableAway,
                nameNow is null ? $"Table {table.Id} was dropped. Its rows stay downstream; take its node out of the pipeline."
                : $"Table {table.Id} is named {nameNow} now. Its changes are still delivered; before the next start, give it its name back or name the new one in Table.");
        }

        return null;
    }

    private static string Row(PostgresTable table, int place) =>
        string.Create(CultureInfo.InvariantCulture, $"({place}, {SqlText.Literal(SqlText.Table(table.Id))}, {table.Oid}::oid)");
}
