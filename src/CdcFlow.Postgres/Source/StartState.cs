using CdcFlow.Configuration;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Snapshot;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Source;

/// <summary>The state that a run begins with: the checkpoint's, without what it knows of tables that are read anew; or that of a first start.</summary>
/// <param name="options">The options.</param>
/// <param name="context">For what is said.</param>
/// <param name="definitions">The tables.</param>
/// <param name="keeping">For each table, the sinks that its truncate does not empty.</param>
internal sealed class StartState(PostgresSourceOptions options, ConnectorContext context, IReadOnlyList<PostgresTable> definitions, ILookup<TableId, string> keeping)
{
    /// <summary>The tables that are emptied downstream and read, whatever the checkpoint has of them.</summary>
    /// <param name="plan">How the run begins.</param>
    /// <param name="request">What was asked for and not taken yet: a table that is being read for an earlier request begins anew. Null: nothing.</param>
    /// <param name="readsAnew">Whether a gap may be closed by reading the table anew.</param>
    /// <param name="gaps">The tables of which the log does not tell all.</param>
    /// <exception cref="CdcFlowException">There is a gap, and it may not.</exception>
    internal HashSet<TableId> Anew(StartPlan plan, ResnapshotRequest? request, bool readsAnew, IReadOnlyList<TableGap> gaps)
    {
        if (plan.StartsOver)
        {
            // Every table is.
            return [];
        }

        // Without a checkpoint the log tells all of no table that is read from the start.
        var isAllLost = plan is { State: null, Snapshots: true } && request?.Lost == true;
        HashSet<TableId> anew = [.. definitions.Select(definition => definition.Id).Where(table => isAllLost || request?.Names(table) == true)];
        foreach (var table in anew)
        {
            context.Log.Warning(PostgresSourceErrorCodes.Resnapshot, $"Table {table} is emptied downstream and read again, as was asked for.");
        }

        var open = gaps.Where(gap => !anew.Contains(gap.Table)).ToArray();
        if (open.Length > 0 && !readsAnew)
        {
            throw TableGap.Stop(open);
        }

        foreach (var gap in open)
        {
            context.Log.Warning(PostgresSourceErrorCodes.ReadAnew, $"{gap.Happened}; it is emptied downstream and read anew.");
        }

        anew.UnionWith(open.Select(gap => gap.Table));
        NameKeepingSinks(anew);
        return anew;
    }

    /// <summary>Says which sinks will have rows of these tables twice.</summary>
    internal void NameKeepingSinks(IEnumerable<TableId> emptied)
    {
        string[] sinks = [.. emptied.SelectMany(table => keeping[table]).Distinct()];
        if (sinks.Length > 0)
        {
            context.Log.Warning(
                PostgresSourceErrorCodes.KeepingSinks,
                $"These sinks keep what they have when a table is emptied, so that rows which are read again come to them once more: {string.Join(", ", sinks)}.");
        }
    }

    /// <summary>Goes on from a checkpoint.</summary>
    internal PostgresSourceState Resumed(PostgresSourceState state, StartPlan plan, ServerState server, HashSet<TableId> anew)
    {
        if (EarlierState.IsOf(state))
        {
            context.Log.Warning(PostgresSourceErrorCodes.StateCompleted, EarlierState.Sentence(context.Connection));
        }

        // From here on places are of the server's timeline.
        return state with
        {
            Identity = state.Identity with { Timeline = server.Timeline, Database = server.Database },
            Tables = [.. definitions.Select(definition => anew.Contains(definition.Id)
                ? Again(definition.Id)
                : Progress(state, definition.Id, plan.Snapshots))],
            Schemas = definitions.ToDictionary(
                definition => definition.Id,
                definition => !anew.Contains(definition.Id) && state.Schemas.TryGetValue(definition.Id, out var known)
                    ? EarlierState.Complete(known, definition)
                    : definition.Schema),
        };
    }

    /// <summary>Begins where the slot does.</summary>
    internal PostgresSourceState First(StartPlan plan, ServerState server, Replication.Lsn at, HashSet<TableId> anew)
    {
        var identity = new SourceIdentity(server.SystemIdentifier, server.Timeline, server.Database, options.Slot, at);
        return new PostgresSourceState(
            identity, at, null,
            [.. definitions.Select(definition => anew.Contains(definition.Id) ? Again(definition.Id)
                : plan.Snapshots ? TableSnapshotState.NotBegun(definition.Id)
                : TableSnapshotState.Done(definition.Id))],
            definitions.ToDictionary(definition => definition.Id, definition => definition.Schema));
    }

    private static TableSnapshotState Again(TableId table) => TableSnapshotState.NotBegun(table) with { IsAgain = true };

    // A table that the checkpoint does not know was added since.
    private static TableSnapshotState Progress(PostgresSourceState state, TableId table, bool snapshots) =>
        state.Tables.FirstOrDefault(known => known.Table == table)
        ?? (snapshots ? TableSnapshotState.NotBegun(table) : TableSnapshotState.Done(table));
}
