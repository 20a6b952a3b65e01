using CdcFlow.Batches;
using CdcFlow.Configuration;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Snapshot;
using CdcFlow.Postgres.Source.Watch;
using CdcFlow.Postgres.Types;
using CdcFlow.Postgres.Wire;
using CdcFlow.Snapshots;

namespace CdcFlow.Postgres.Source;

/// <summary>One table of the source: turns its log events into changes for the outputs that read it, through the snapshot where one runs.</summary>
/// <remarks>Touched by the log's reader only.</remarks>
internal sealed class SourceTable(TableOrigins origins, PostgresTable definition, TableOutput[] outputs, ControlSession control, IConnectorLog log)
{
    private readonly List<HeldChange> held = [];
    private PostgresTable catalog = definition;
    private TableSnapshotState state = null!;
    private (Lsn From, string Columns)? lackingSince;
    private Relation? relation;
    private KeyFields keys = KeyFields.None;
    private OldRows oldRows = null!;
    private ChangeOrigin? origin;
    private BeginMessage transaction;
    private Lsn? preceding;
    private int changes;

    internal PostgresTable Definition { get; } = definition;

    internal TableOutput[] Outputs { get; } = outputs;

    /// <summary>The table as the log last described it.</summary>
    internal required TableSchema Schema { get; set; }

    /// <summary>The snapshot under way, or the last one; null when the table was handed over in an earlier run.</summary>
    internal TableSnapshot? Snapshot { get; set; }

    /// <summary>How far it is handed over. The same object until something is other than it was.</summary>
    internal required TableSnapshotState State
    {
        get
        {
            if (Snapshot is { } snapshot && !state.IsComplete)
            {
                state = snapshot.State with { Facts = state.Facts };
            }

            return state;
        }

        init => state = value;
    }

    /// <summary>The catalogue as it was when it was last looked at.</summary>
    internal TableFacts? Facts
    {
        get => state.Facts;
        set => state = state with { Facts = value };
    }

    /// <summary>Whether it is read anew, so that downstream must begin with an empty table.</summary>
    internal bool StartsOver { get; init; }

    private TableSnapshot? Running => Snapshot is { IsComplete: false } running ? running : null;

    /// <summary>An event of this table comes.</summary>
    /// <param name="begin">Its transaction.</param>
    /// <param name="precedingCommit">Where the transaction before it ended; null: not known.</param>
    /// <returns>Whether it is the transaction's first.</returns>
    internal bool Enter(BeginMessage begin, Lsn? precedingCommit)
    {
        if (transaction.CommitLsn == begin.CommitLsn)
        {
            return false;
        }

        (transaction, preceding, origin, changes) = (begin, precedingCommit, null, 0);
        return true;
    }

    /// <summary>Whether an output reads the column of that name.</summary>
    internal bool Reads(string column) =>
        Outputs.Any(output => output.Schema.Columns.Any(wanted => Definition.Find(wanted)?.Name == column || ColumnMatch.Find(wanted, [column]) >= 0));

    /// <summary>Counts changes of the transaction.</summary>
    /// <returns>The first one's number among the table's, from 1.</returns>
    internal int Count(int made)
    {
        changes += made;
        return changes - made + 1;
    }

    /// <summary>What an old row holds, whatever it is marked as.</summary>
    /// <exception cref="CdcFlowException">CDCF4065: not enough to name the row.</exception>
    internal OldTupleKind KindOf(OldTupleKind marked, TupleData old) => oldRows.KindOf(marked, old);

    /// <summary>Whether an update gave the row another key: it is two changes then.</summary>
    internal bool IsMoved(OldTupleKind oldKind, TupleData old, TupleData row) => oldKind != OldTupleKind.None && keys.IsChanged(old, row);

    /// <summary>Binds the outputs to the table as the log describes it from now on; tells them when its columns changed.</summary>
    internal void Bind(Relation described, BeginMessage inTransaction, PostgresTypeCatalog types, RoundBuilder round)
    {
        if (ReferenceEquals(relation, described))
        {
            return;
        }

        relation = null; // where the columns do not fit, the next row finds that again
        types.Load(control.Connection, described.Columns.Select(column => column.TypeOid));
        var schema = Describe(described, inTransaction);
        var columns = LoggedColumns.Of(described, schema, Definition, catalog, types, control.Connection);
        foreach (var output in Outputs)
        {
            output.Bind(columns);
        }

        keys = KeyFields.Of(Definition, Outputs, columns.Carried);
        var leaves = Definition.IsPartitioned ? LeafIdentity.Read(control.Connection, described.Oid) : [];
        oldRows = OldRows.Of(Definition, described, Outputs.Any(output => output.Schema.KeyColumns.Count == 0), keys.Naming, leaves);
        Announce(schema, inTransaction, round);
        Report(columns, inTransaction);
        relation = described;
    }

    internal void Insert(TupleData row, LogEvent at)
    {
        if (Route(Key(row, default), out var hold, out var window, out var key))
        {
            foreach (var output in Outputs)
            {
                output.Insert(row, OldTupleKind.None, default, Metadata(at, 0), hold);
            }

            Keep(window, key);
        }
    }

    internal void Update(OldTupleKind oldKind, TupleData old, TupleData row, LogEvent at)
    {
        if (Route(Key(row, old), out var hold, out var window, out var key))
        {
            foreach (var output in Outputs)
            {
                output.Update(oldKind, old, row, Metadata(at, 0), hold);
            }

            Keep(window, key);
        }
    }

    /// <summary>An update that gave the row another key.</summary>
    internal void Move(OldTupleKind oldKind, TupleData old, TupleData row, LogEvent at)
    {
        Delete(oldKind, old, at);
        Renamed(oldKind, old, row, at);
    }

    internal void Delete(OldTupleKind oldKind, TupleData old, LogEvent at)
    {
        if (Route(Key(old, default), out var hold, out var window, out var key))
        {
            foreach (var output in Outputs)
            {
                output.Delete(oldKind, old, Metadata(at, 0), hold);
            }

            Keep(window, key);
        }
    }

    internal void Truncate(LogEvent at)
    {
        Running?.Locate(control);
        foreach (var output in Outputs)
        {
            output.Truncate(Metadata(at, 0));
        }

        Running?.Truncate(transaction.Xid);
    }

    /// <summary>Hands over a truncate of the source's own making: downstream begins anew.</summary>
    internal void Empty(Lsn delivered, DateTimeOffset now)
    {
        var place = origins.Read(new Lsn(delivered.Value - 1), now);
        foreach (var output in Outputs)
        {
            output.Truncate(new ChangeMetadata(place, 0, 0));
        }
    }

    /// <summary>The transaction's events so far are delivered: nothing may wait for its key to be located.</summary>
    internal void Settle() => Running?.Locate(control);

    // The second half of a key update: the row under its new key.
    private void Renamed(OldTupleKind oldKind, TupleData old, TupleData row, LogEvent at)
    {
        if (Route(Key(row, old), out var hold, out var window, out var key))
        {
            foreach (var output in Outputs)
            {
                output.Insert(row, oldKind, old, Metadata(at, 1), hold);
            }

            foreach (var change in held)
            {
                change.LacksUnchanged = row.HasUnchanged && oldKind != OldTupleKind.Full;
            }

            Keep(window, key);
        }
    }

    /// <summary>Whether the change is wanted at all; if so, what collects it (null: it goes straight to the outputs).</summary>
    private bool Route(ChunkKey? key, out List<HeldChange>? hold, out Chunk<ChunkRows, HeldChange>? window, out ChunkKey? located)
    {
        (hold, window, located) = (null, null, key);
        if (Running is not { } snapshot)
        {
            return true;
        }

        if (snapshot.TryRoute(key, transaction.Xid, out var route, out window) && route != ChangeRoute.Hold)
        {
            return route == ChangeRoute.Emit;
        }

        held.Clear();
        hold = held;
        return true;
    }

    private void Keep(Chunk<ChunkRows, HeldChange>? window, ChunkKey? key)
    {
        if (held.Count == 0)
        {
            return;
        }

        if (window is not null)
        {
            Snapshot!.Hold(window, transaction.Xid, held);
        }
        else
        {
            Snapshot!.Defer(key!, transaction.Xid, [.. held], control);
        }

        held.Clear();
    }

    private ChangeMetadata Metadata(LogEvent at, short row) => at.Metadata(origin ??= origins.Logged(transaction, preceding), row);

    // Only a running snapshot asks for keys, so only then are their texts made.
    private ChunkKey? Key(TupleData row, TupleData old) => Running is null ? null : keys.KeyOf(row, old);

    private TableSchema Describe(Relation described, BeginMessage inTransaction)
    {
        var names = described.Columns.Select(column => column.Name).ToArray();
        if (!LoggedSchema.HasNames(Schema, names) && !LoggedSchema.HasNames(catalog.Schema, names))
        {
            // Whoever altered the table before this transaction was visible before it could write; it may have altered the table itself.
            control.WaitUntilVisible(inTransaction.Xid);
            catalog = catalog with { Columns = TableCatalog.Columns(control.Connection, Definition.Schema.Identity!), Published = null };
        }

        var types = control.Connection.Query(
            "SELECT " + string.Join(", ", described.Columns.Select(column => $"format_type({column.TypeOid}, {column.TypeModifier})"))).Rows[0];
        return LoggedSchema.Of(described, types, Schema, catalog.Schema);
    }

    private void Announce(TableSchema schema, BeginMessage inTransaction, RoundBuilder round)
    {
        if (schema.Equals(Schema))
        {
            return;
        }

        foreach (var output in Outputs)
        {
            round.Add(output.Index, new SchemaChange(Schema, schema, inTransaction.CommitLsn.Value));
        }

        Schema = schema;
    }

    // Rows that a snapshot is to read lack nothing.
    private void Report(LoggedColumns columns, BeginMessage inTransaction)
    {
        var lacking = string.Join(", ", columns.Lacking.Select(column => column.Name)
            .Where(name => Outputs.Any(output => output.Schema.Columns.Any(wanted => Definition.Find(wanted)?.Name == name))));
        if (lackingSince is { } since && lacking != since.Columns)
        {
            log.Warning(
                PostgresSourceErrorCodes.ColumnLacking,
                $"Changes of table {Definition.Id} from {since.From} up to {inTransaction.CommitLsn} lack {since.Columns}, which it got then: null downstream. To fill them, run --resnapshot {Definition.Id}.");
            lackingSince = null;
        }

        if (lacking.Length > 0 && lackingSince is null && Running is null)
        {
            lackingSince = (inTransaction.CommitLsn, lacking);
            log.Warning(
                PostgresSourceErrorCodes.ColumnLacking,
                $"Changes of table {Definition.Id} from {inTransaction.CommitLsn} on are from before it got {lacking}, and have null there, until the log comes to where it got them.");
        }
    }
}
