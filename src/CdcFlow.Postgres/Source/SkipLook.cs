using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Source;

/// <summary>Looks whether a start could go on from a place in the log with what comes before left out. Changes nothing.</summary>
/// <param name="settings">The server.</param>
/// <param name="options">The options.</param>
/// <param name="source">The connection's name.</param>
/// <param name="tables">The tables that the pipeline reads.</param>
internal sealed class SkipLook(PostgresConnectionSettings settings, PostgresSourceOptions options, string source, IReadOnlyList<TableId> tables)
{
    /// <summary>Finds the state to go on from.</summary>
    /// <param name="state">The checkpoint's.</param>
    /// <param name="place">The place, as the server writes it.</param>
    /// <param name="stopping">Gives up.</param>
    /// <exception cref="CdcFlowException">CDCF4071, CDCF4090; or more is gone than what is to be left out, which must not be hidden by that.</exception>
    internal SourceSkip Take(PostgresSourceState state, string place, CancellationToken stopping)
    {
        using var connection = PostgresConnection.Open(settings, SessionKind.Sql, stopping);
        var server = StartLook.ServerOf(settings, connection, state, stopping);
        var slot = SlotState.Find(connection, options.Slot);
        var publication = PublicationMark.Read(connection, options.Publication, options.Slot);
        var gap = Gap(state);
        if (gap is not null && gap.Code != PostgresSourceErrorCodes.SlotAhead)
        {
            throw gap;
        }

        RefuseSnapshot(connection, state);
        var skipped = StateSkip.To(state, place, server);

        // Log that is gone may be the very part that is left out.
        if (gap is not null && Gap(skipped) is { } left)
        {
            throw left.Code == PostgresSourceErrorCodes.SlotAhead ? gap : left;
        }

        var rows = gap is null ? Rows(connection, state.ResumeAt, skipped.ResumeAt) : new SkippedRows([], "It is gone.");
        return new SourceSkip(skipped, state.ResumeAt.ToString(), skipped.ResumeAt.ToString(), SkipSentence.Of(state, skipped, rows, tables));

        CdcFlowException? Gap(PostgresSourceState at) => StartDecision.Gap(at, slot, options.Slot, server, publication, source);
    }

    // A table that has another name now would be counted under that, as none that is read.
    private SkippedRows Rows(PostgresConnection connection, Lsn from, Lsn to)
    {
        var missing = tables.Where(table => TableCatalog.Find(connection, table) is null).ToList();
        return missing.Count > 0
            ? new SkippedRows([], $"There is no table {string.Join(", ", missing)}.")
            : SkippedRows.Count(connection, options.Slot, options.Publication, from, to, tables);
    }

    // Each chunk was read as of its own time, and becomes right by the changes since.
    private void RefuseSnapshot(PostgresConnection connection, PostgresSourceState state)
    {
        var now = RenamedTables.Follow(state, [.. tables.Select(table => TableCatalog.Find(connection, table)).OfType<PostgresTable>()]);
        var unfinished = now.Tables.Where(table => !table.IsComplete && tables.Contains(table.Table)).Select(table => Pasted.Word(table.Table.ToString())).ToList();
        if (unfinished.Count > 0)
        {
            throw new CdcFlowException(
                PostgresSourceErrorCodes.SkipInSnapshot,
                $"The snapshot of {string.Join(", ", unfinished)} is under way, and what was read of it is right only together with every change since it began. Nothing was changed.",
                $"Let the snapshot end first: `run`. If it cannot, give up the log, and have the tables read anew, with sinks emptied first. SELECT pg_drop_replication_slot({SqlText.Literal(options.Slot)}); and start once with `run --resnapshot lost`.");
        }
    }
}
