using CdcFlow.Batches;
using CdcFlow.Capture.Rounds;
using CdcFlow.Configuration;
using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Types;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source;

/// <summary>What a table is as the log has it: which field of a row is which column, what its key is, what an old row holds.</summary>
/// <remarks>Touched by the log's reader only.</remarks>
/// <param name="definition">The table as it was when the run began.</param>
/// <param name="outputs">Who reads it.</param>
/// <param name="key">Whether it has the key that it had.</param>
/// <param name="control">For what the log does not say.</param>
/// <param name="log">Where columns that rows lack are reported.</param>
internal sealed class TableBinding(PostgresTable definition, TableOutput[] outputs, LoggedKey key, ControlSession control, IConnectorLog log)
{
    private PostgresTable catalog = definition;
    private (Lsn From, string Columns)? lackingSince;
    private Relation? relation;
    private OldRows oldRows = null!;

    /// <summary>The table as it was when the run began.</summary>
    internal PostgresTable Definition { get; } = definition;

    /// <summary>Who reads it.</summary>
    internal TableOutput[] Outputs { get; } = outputs;

    /// <summary>The table as the log last described it.</summary>
    internal required TableSchema Schema { get; set; }

    /// <summary>The key's fields in a row of the log.</summary>
    internal KeyFields Keys { get; private set; } = KeyFields.None;

    /// <summary>Whether an output reads the column of that name.</summary>
    internal bool Reads(string column) =>
        Outputs.Any(output => output.Schema.Columns.Any(wanted => Definition.Find(wanted)?.Name == column || ColumnMatch.Find(wanted, [column]) >= 0));

    /// <summary>What an old row holds, whatever it is marked as.</summary>
    /// <exception cref="CdcFlowException">CDCF4065: not enough to name the row.</exception>
    internal OldTupleKind KindOf(OldTupleKind marked, TupleData old) => oldRows.KindOf(marked, old);

    /// <summary>Whether an update gave the row another key: it is two changes then.</summary>
    internal bool IsMoved(OldTupleKind oldKind, TupleData old, TupleData row) => oldKind != OldTupleKind.None && Keys.IsChanged(old, row);

    /// <summary>Binds the outputs to the table as the log describes it from now on; tells them when its columns changed.</summary>
    /// <param name="described">What the log says.</param>
    /// <param name="inTransaction">In which transaction.</param>
    /// <param name="types">The database's types.</param>
    /// <param name="round">Where a changed schema is told.</param>
    /// <param name="isBeingRead">Whether a snapshot of it is under way: what its rows of the log lack, the snapshot has.</param>
    /// <exception cref="CdcFlowException">It does not fit its row types any more, or has another key.</exception>
    internal void Bind(Relation described, BeginMessage inTransaction, PostgresTypeCatalog types, RoundBuilder round, bool isBeingRead)
    {
        if (ReferenceEquals(relation, described))
        {
            return;
        }

        relation = null; // where the columns do not fit, the next row finds that again
        types.Load(control.Connection, described.Columns.Select(column => column.TypeOid));
        var schema = Describe(described, inTransaction);
        key.Require(described, schema, isBeingRead);
        var columns = LoggedColumns.Of(described, schema, Definition, catalog, types, control.Connection);
        foreach (var output in Outputs)
        {
            output.Bind(columns);
        }

        Keys = KeyFields.Of(Definition, Outputs, columns.Carried);
        var leaves = Definition.IsPartitioned ? LeafIdentity.Read(control.Connection, described.Oid) : [];
        oldRows = OldRows.Of(Definition, described, Outputs.Any(output => output.Schema.KeyColumns.Count == 0), Keys.Naming, leaves);
        Announce(schema, inTransaction, round);
        Report(columns, inTransaction, isBeingRead);
        relation = described;
    }

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
    private void Report(LoggedColumns columns, BeginMessage inTransaction, bool isBeingRead)
    {
        var lacking = string.Join(", ", columns.Lacking.Select(column => column.Name)
            .Where(name => Outputs.Any(output => output.Schema.Columns.Any(wanted => Definition.Find(wanted)?.Name == name))));
        if (lackingSince is { } since && lacking != since.Columns)
        {
            log.Warning(
                PostgresSourceErrorCodes.ColumnLacking,
                $"Changes of table {Definition.Id} from {since.From} up to {inTransaction.CommitLsn} lack {since.Columns}, which it got then: null downstream. To fill them, run --resnapshot {Pasted.Word(Definition.Id.ToString())}.");
            lackingSince = null;
        }

        if (lacking.Length > 0 && lackingSince is null && !isBeingRead)
        {
            lackingSince = (inTransaction.CommitLsn, lacking);
            log.Warning(
                PostgresSourceErrorCodes.ColumnLacking,
                $"Changes of table {Definition.Id} from {inTransaction.CommitLsn} on are from before it got {lacking}, and have null there, until the log comes to where it got them.");
        }
    }
}
