using System.Globalization;
using CdcFlow.Configuration;
using CdcFlow.Postgres.Server;
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
        var names = connection.Query(
            $"""
            SELECT to_regclass(w.name)::oid, (SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = w.oid)
            FROM (VALUES {string.Join(", ", tables.Select(Row))}) AS w (place, name, oid) ORDER BY w.place
            """).Rows;
        var seen = tables.Zip(names, (table, row) => (Table: table, OidOfName: row[0], NameOfOid: row[1])).ToList();
        List<TableGap> gaps = [.. seen.Select(each => Replaced(each.Table, each.OidOfName)).OfType<TableGap>()];

        // Under another name a table is published as long as the publication says so: one of all tables of a schema does not, once it left the schema.
        var now = PublicationProof.Read(connection, options.Publication, tables);
        var changes = seen.Where(each => proofs[each.Table.Id] is not null && each.NameOfOid is not null)
            .ToLookup(each => PublicationProof.Compare(proofs[each.Table.Id]!, now.GetValueOrDefault(each.Table.Id)), each => each.Table);
        gaps.AddRange(changes[ProofChange.Gap].Select(table => TableGap.Unpublished(table.Id, options.Publication, now.ContainsKey(table.Id))));
        if (gaps.Count > 0)
        {
            var stop = TableGap.Stop(gaps);
            throw options.Startup == Startup.WhenNeeded
                ? new CdcFlowException(stop.Code, stop.Happened, "The pipeline restarts and reads the tables anew.", isTransient: true)
                : stop;
        }

        foreach (var (table, oidOfName, nameOfOid) in seen)
        {
            TellIfAway(table, oidOfName is null, nameOfOid);
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

    private void TellIfAway(PostgresTable table, bool isAway, string? nameNow)
    {
        if (!isAway)
        {
            away.Remove(table.Id);
        }
        else if (away.Add(table.Id))
        {
            log.Warning(
                PostgresSourceErrorCodes.TableAway,
                nameNow is null ? $"Table {table.Id} was dropped. Its rows stay downstream; take its node out of the pipeline."
                : $"Table {table.Id} is named {nameNow} now. Its changes are still delivered; before the next start, give it its name back or name the new one in Table.");
        }
    }

    private static TableGap? Replaced(PostgresTable table, string? oidOfName) =>
        oidOfName is not null && uint.Parse(oidOfName, CultureInfo.InvariantCulture) is var oid && oid != table.Oid
            ? TableGap.Replaced(table.Id, table.Oid.ToString(CultureInfo.InvariantCulture), oid) : null;

    private static string Row(PostgresTable table, int place) =>
        string.Create(CultureInfo.InvariantCulture, $"({place}, {SqlText.Literal(SqlText.Table(table.Id))}, {table.Oid}::oid)");
}
