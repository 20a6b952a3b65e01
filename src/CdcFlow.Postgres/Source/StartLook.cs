using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source;

/// <summary>What a start finds at the server, and what it makes of that, before it makes or alters anything there.</summary>
/// <param name="Outputs">By table, the nodes that read it.</param>
/// <param name="State">The checkpoint's, with the names that its tables have now; null: a first start.</param>
/// <param name="Definitions">The tables.</param>
/// <param name="Server">The server.</param>
/// <param name="Unreadable">What becomes of rows that cannot be read.</param>
/// <param name="Plan">How the run begins.</param>
/// <param name="Proofs">By what the tables are published.</param>
/// <param name="Anew">The tables that are emptied downstream and read again.</param>
internal sealed record StartLook(
    IReadOnlyDictionary<TableId, TableOutput[]> Outputs, PostgresSourceState? State, PostgresTable[] Definitions, ServerState Server, UnreadableRows Unreadable, StartPlan Plan,
    IReadOnlyDictionary<TableId, string> Proofs, HashSet<TableId> Anew)
{
    /// <summary>Looks. Each table must be there.</summary>
    /// <param name="opening">What the start is made with; its log is told what is found.</param>
    /// <param name="outputs">The nodes.</param>
    /// <param name="connection">The server.</param>
    /// <param name="slot">Gives the slot; null: none.</param>
    /// <param name="stopping">Gives up.</param>
    /// <exception cref="CdcFlowException">The source cannot go on from the checkpoint, with the fix.</exception>
    internal static StartLook Take(
        SourceOpening opening, IReadOnlyList<TableOutput> outputs, PostgresConnection connection, Func<SlotState?> slot, CancellationToken stopping)
    {
        var (options, context, open) = (opening.Options, opening.Context, opening.Open);
        var tables = outputs.GroupBy(output => output.Table).ToDictionary(group => group.Key, group => group.ToArray());
        PostgresTable[] definitions = [.. tables.Keys.Select(table => TableCatalog.Find(connection, table)!)];
        var state = open.State is { } json ? RenamedTables.Follow(PostgresSourceState.Read(json), definitions) : null;
        var server = ServerOf(opening.Settings, connection, state, stopping);
        var unreadable = UnreadableRows.SkippedUpTo(open.SkipTo, server, context.Connection, context.Log);
        var request = open.Resnapshot is { } asked && asked.Id != state?.Resnapshot ? asked : null;
        var readsAnew = options.Startup == Startup.WhenNeeded || request is { Lost: true };
        var found = slot();
        var publication = PublicationMark.Read(connection, options.Publication, options.Slot); // what whoever had the slot has left
        var plan = StartDecision.Decide(state, options.Startup, readsAnew, found, options.Slot, server, publication, context.Connection);
        SlotOwner.Refuse(plan, found, publication, open.Store);
        var proofs = PublicationProof.Read(connection, options.Publication, definitions);
        var gaps = plan.State is null ? [] : TableGap.Of(plan.State, definitions, proofs);
        var start = new StartState(options, context, definitions, opening.KeepingSinks);
        var anew = start.Anew(plan, request, readsAnew, gaps);
        if (plan.State?.Tables.Any(table => table.Published is { } before && PublicationProof.Compare(before, proofs.GetValueOrDefault(table.Table)) == ProofChange.Altered) == true)
        {
            context.Log.Warning(PostgresSourceErrorCodes.PublicationGap, PublicationProof.AlteredSentence(options.Publication));
        }

        if (plan.StartsOver)
        {
            start.NameKeepingSinks(tables.Keys);
            context.Log.Warning(
                PostgresSourceErrorCodes.ReadAnew,
                $"The log since the checkpoint is gone, so every table of '{context.Connection}' is emptied downstream and read anew.");
        }

        return new StartLook(tables, state, definitions, server, unreadable, plan, proofs, anew);
    }

    /// <summary>The server, with its history where a state is of another timeline.</summary>
    internal static ServerState ServerOf(PostgresConnectionSettings settings, PostgresConnection connection, PostgresSourceState? state, CancellationToken stopping)
    {
        var server = ServerState.Read(connection);
        if (state is null || state.Identity.Timeline == server.Timeline)
        {
            return server;
        }

        using var replication = PostgresConnection.Open(settings, SessionKind.Replication, stopping);
        return server with { History = TimelineHistory.Read(replication, server.Timeline) };
    }
}
