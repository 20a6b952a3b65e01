using CdcFlow.Capture;
using CdcFlow.Capture.Budgets;
using CdcFlow.Configuration;
using CdcFlow.Postgres.Preflight;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Snapshot;
using CdcFlow.Postgres.Source.Watch;
using CdcFlow.Postgres.Types;
using CdcFlow.Postgres.Wire;
using CdcFlow.Sources;

namespace CdcFlow.Postgres.Source;

/// <summary>Looks at server, slot and tables, makes what is missing, and says from where the run begins.</summary>
internal sealed class SourceOpening(
    PostgresConnectionSettings settings, PostgresSourceOptions options, ConnectorContext context, SourceOpenContext open, IReadOnlyList<TableOutput> outputs)
{
    internal PostgresConnectionSettings Settings => settings;

    internal PostgresSourceOptions Options => options;

    internal ConnectorContext Context => context;

    internal SourceOpenContext Open => open;

    /// <summary>For each table, the sinks that its truncate does not empty.</summary>
    internal ILookup<TableId, string> KeepingSinks => outputs
        .SelectMany(output => open.KeepingSinks.GetValueOrDefault(output.NodeId, []).Select(sink => (output.Table, Sink: sink)))
        .ToLookup(kept => kept.Table, kept => kept.Sink);

    /// <summary>Connects for plain SQL.</summary>
    internal PostgresConnection Connect(CancellationToken stopping)
    {
        var connection = PostgresConnection.Open(settings, SessionKind.Sql, stopping);
        SpeakPlainly(connection);
        return connection;
    }

    /// <summary>Lets a server whose database has no encoding send what it has: it would refuse to call its bytes UTF-8, and not say where they are.</summary>
    internal static void SpeakPlainly(PostgresConnection connection)
    {
        const string none = "SQL_ASCII";
        if (connection.Parameters.GetValueOrDefault("server_encoding") == none)
        {
            connection.Query($"SET client_encoding = '{none}'");
        }
    }

    /// <summary>What lets rows through that are larger than a share of the budget: one for the log, one for the snapshots, which wait for the log.</summary>
    internal LargeRows LargeRows(CancellationToken stopping) => new(open.Budget, options.RowBytesMax, stopping);

    /// <summary>Looks after statements that may take long.</summary>
    internal WaitWatch Waits(CancellationToken stopping) => new(Connect, context.Log, context.Time, stopping);

    /// <summary>Finds out what <see cref="Prepare"/> would refuse, and makes nothing.</summary>
    /// <exception cref="CdcFlowException">With the fix.</exception>
    internal void Check(PostgresConnection connection, CancellationToken stopping)
    {
        if (Tables.All(table => TableCatalog.Find(connection, table) is not null)) // one that is missing has been told
        {
            var start = StartLook.Take(this, outputs, connection, () => Settled(SlotState.Find(connection, options.Slot)), stopping);
            FactLook.LookBefore(start, connection, options, context.Log);
        }
    }

    /// <summary>Does it.</summary>
    /// <exception cref="CdcFlowException">With the fix.</exception>
    internal SourceSession Prepare(ControlSession control, CancellationToken stopping)
    {
        var connection = control.Connection;
        Waits(stopping).Watch(connection, "Looking at the tables", new PostgresPreflight(connection, options, outputs, context.Connection, State).RefuseFailed);
        var slots = new SlotControl(connection, options, context.Log, context.Time, Waits(stopping), stopping);
        var look = StartLook.Take(this, outputs, connection, slots.WaitUntilFree, stopping);
        var (definitions, server, plan, anew, proofs) = (look.Definitions, look.Server, look.Plan, look.Anew, look.Proofs);

        // The publication comes before the slot: a transaction is published by the publication of its own time.
        var isRepublished = slots.Publish(definitions, open.Store);
        var published = PublicationState.Read(connection, options, definitions)!.Columns;
        definitions = [.. definitions.Select(definition => definition with { Published = published.GetValueOrDefault(definition.Id) })];
        var watched = plan.State?.Tables.Where(table => table.Published is not null && !anew.Contains(table.Table)).Select(table => table.Table).ToHashSet() ?? [];
        var start = Published(connection, Begin(slots, plan, server, definitions, anew), definitions, proofs.Where(proof => watched.Contains(proof.Key)).ToDictionary()) with { Resnapshot = open.Resnapshot?.Id ?? look.State?.Resnapshot };
        if (start.Tables.Any(table => table.IsNotBegun || (isRepublished && !table.IsComplete)))
        {
            // A run that ended in this wait left no trace, so it begins again for every table of which nothing was handed over.
            SnapshotDriver.WaitUntilSettled(control, context.Log, context.Time, stopping);
        }

        var types = new PostgresTypeCatalog();
        var sourceTables = definitions.ToDictionary(
            definition => definition.Id, definition => Table(definition, look.Outputs[definition.Id], start, anew.Contains(definition.Id), control, types));
        var watch = new CatalogWatch(sourceTables.Values, start, connection, options, Waits(stopping), context.Log, context.Time);
        watch.Begin();
        var spill = new SpillFolder(options.SpillFolder);
        var abandoned = new AbandonedLog(context.Connection, options.Slot, sourceTables.Keys, control);
        return new SourceSession(WithinBudget(), start, sourceTables, watch, look.Unreadable, abandoned, types, spill, context.Time, plan.StartsOver, stopping);
    }

    private PostgresSourceState? State => open.State is { } json ? PostgresSourceState.Read(json) : null;

    private IEnumerable<TableId> Tables => outputs.Select(output => output.Table).Distinct();

    // Who streams the slot confirms more meanwhile, of a checkpoint that is newer than the one that was read: how far it is, says nothing then.
    private static SlotState? Settled(SlotState? slot) => slot is { ActivePid: not null } ? slot with { Confirmed = default } : slot;

    private PostgresSourceState Begin(
        SlotControl slots, StartPlan plan, ServerState server, IReadOnlyList<PostgresTable> definitions, HashSet<TableId> anew)
    {
        if (plan.DropsSlot)
        {
            slots.Drop();
        }

        var start = new StartState(options, context, definitions, KeepingSinks);
        if (plan.State is { } state)
        {
            return start.Resumed(state, plan, server, anew);
        }

        var at = plan.MakesSlot ? slots.Make() : slots.WaitUntilFree()!.Confirmed;
        if (plan.MakesSlot)
        {
            context.Log.Information($"Made slot '{options.Slot}' at {at}.");
        }

        return start.First(plan, server, at, anew);
    }

    // What was altered between the look at the gaps and this one is told by the earlier proof.
    private PostgresSourceState Published(
        PostgresConnection connection, PostgresSourceState state, IReadOnlyList<PostgresTable> definitions, Dictionary<TableId, string> earlier)
    {
        var proofs = PublicationProof.Read(connection, options.Publication, definitions);
        return state with
        {
            Publication = PublicationMark.Read(connection, options.Publication, options.Slot),
            Tables = [.. state.Tables.Select(table => table with { Published = Proof(table.Table) })],
        };

        string? Proof(TableId table)
        {
            var now = proofs.GetValueOrDefault(table);
            return earlier.TryGetValue(table, out var before) && PublicationProof.Compare(before, now) == ProofChange.Gap ? before : now;
        }
    }

    private SourceTable Table(
        PostgresTable definition, TableOutput[] tableOutputs, PostgresSourceState start, bool startsOver, ControlSession control, PostgresTypeCatalog types)
    {
        var state = start.Tables.First(table => table.Table == definition.Id);
        types.Load(control.Connection, definition.Columns.Select(column => column.TypeOid));
        foreach (var output in tableOutputs)
        {
            output.BindSnapshot([.. definition.Columns.Select(column => new ServerColumn(column.Name, types[column.TypeOid]))]);
        }

        var origins = new TableOrigins(context.Connection, start.Identity.Database, definition.Id, tableOutputs.Any(output => definition.KeysMayOverlap(output.Schema)));
        var reads = new TableReads(origins, definition, tableOutputs);
        var snapshot = state.IsComplete ? null : new TableSnapshot(reads, state, Sizer(definition), ChunkBytes);
        if (snapshot?.BeginsAnew is { } why)
        {
            new StartState(options, context, [definition], KeepingSinks).NameKeepingSinks([definition.Id]);
            context.Log.Warning(PostgresSourceErrorCodes.ReadAnew, $"Table {definition.Id} {why}; it is emptied downstream and read anew.");
        }

        var binding = new TableBinding(definition, tableOutputs, new LoggedKey(context.Connection, definition, tableOutputs, control.Connection), control, context.Log) { Schema = start.Schemas[definition.Id] };
        return new SourceTable(origins, binding, new Reselection(binding, new ChunkSql(definition, reads.Form), control), control) { State = state, StartsOver = startsOver, Snapshot = snapshot };
    }

    private ChunkSizer Sizer(PostgresTable definition)
    {
        const int guessedRowBytes = 256;
        var rowBytes = definition.EstimatedRows is > 0 and var rows ? definition.Bytes * 2 / rows : guessedRowBytes;
        return new ChunkSizer(options.ChunkRows, ChunkBytes, options.ChunkTime, rowBytes);
    }

    private PostgresSourceOptions WithinBudget() => options with
    {
        RoundBytes = Math.Min(options.RoundBytes, Shares.Round),
        StreamedBytes = Math.Min(options.StreamedBytes, Shares.Transactions),
    };

    /// <summary>What a chunk should hold.</summary>
    internal long ChunkBytes => Math.Min(options.ChunkBytes, Shares.Chunk);

    private CaptureBudget Shares => CaptureBudget.Of(open.Budget);
}
