using CdcFlow.Configuration;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source.Watch;

/// <summary>Looks for what happened to rows without a change in the log, and says it; stops where rows would be missing.</summary>
/// <remarks>Touched by the log's reader only.</remarks>
internal sealed class FactLook(IReadOnlyCollection<SourceTable> tables, PostgresConnection connection, PostgresSourceOptions options, IConnectorLog log)
{
    /// <summary>Looks.</summary>
    /// <returns>Whether something is other than it was.</returns>
    /// <exception cref="CdcFlowException">CDCF4067: a partition was attached with rows.</exception>
    internal bool Look()
    {
        var found = FactCatalog.Read(connection, tables.Select(table => table.Definition.Oid));
        var isAnyOther = false;
        foreach (var table in tables)
        {
            isAnyOther |= found.TryGetValue(table.Definition.Oid, out var now) && Look(table, now);
        }

        return isAnyOther;
    }

    private bool Look(SourceTable table, TableFacts now)
    {
        if (table.Facts?.IsSame(now) == true)
        {
            return false;
        }

        foreach (var change in table.Facts is { } before ? FactChange.Between(before, now) : [])
        {
            Report(table, now, change);
        }

        table.Facts = now;
        return true;
    }

    private void Report(SourceTable table, TableFacts now, FactChange change)
    {
        var id = table.Definition.Id;
        switch (change)
        {
            case FactChange.PartitionCame(var oid, var partition) when FactCatalog.HasOlderRows(connection, id, oid, partition):
                Attached(id, partition);
                break;
            case FactChange.PartitionWent(var partition):
                log.Warning(
                    PostgresSourceErrorCodes.PartitionGone,
                    $"Partition {partition.Name} of {id} was detached or dropped, which the log does not tell: its rows stay downstream. {Anew(id)}");
                break;
            case FactChange.Rewritten(var columns) when columns.Any(table.Binding.Reads):
                ValuesChanged(id, $"all rows of {id} were rewritten when {string.Join(" or ", columns)} was altered (ALTER TYPE … USING, for one)");
                break;
            case FactChange.FileReplaced(var relation, _, var columnWriters) when FactCatalog.HasCopiedRows(connection, table.Definition.Oid, relation, columnWriters):
                ValuesChanged(id, $"rows of {id} were copied to another file (ALTER TABLE … SET UNLOGGED and SET LOGGED, for one: what was written between is in no log)");
                break;
            case FactChange.FileReplaced(var relation, true, _) when !FactCatalog.HasRowsOlderThanFile(connection, table.Definition.Oid, relation):
                log.Warning(
                    PostgresSourceErrorCodes.PartitionGone,
                    $"Partition {now.Partitions[relation].Name} of {id} was truncated, which the log does not tell as a truncate of {id}: its earlier rows stay downstream. {Anew(id)}");
                break;
            case FactChange.ColumnFilled(var column) when table.Binding.Reads(column):
                ValuesChanged(id, $"column '{column}' was added to {id} with a value for the rows that were there");
                break;
            case FactChange.ColumnReplaced(var column) when table.Binding.Reads(column):
                ValuesChanged(id, $"column '{column}' of {id} is another one than before: it was dropped and added again, or took the name of another");
                break;
            case FactChange.KeyDropped when table.Definition.Identity != 'd': // of DEFAULT the log tells
                ValuesChanged(id, $"the primary key of {id} was dropped, and rows of one key that came before it was added again may have been taken for one");
                break;
            case FactChange.LabelRenamed(var from, var to):
                ValuesChanged(id, $"label '{from}' of an enum that {id} has is '{to}' now");
                break;
        }
    }

    // Who asked for changes alone does not miss earlier rows.
    private void Attached(TableId id, PartitionFact partition)
    {
        var happened = $"Partition {partition.Name} was attached to {id} with rows that the log never had as rows of {id}";
        if (options.Startup is not (Startup.Latest or Startup.Committed))
        {
            throw new CdcFlowException(PostgresSourceErrorCodes.PartitionAttached, $"{happened}: downstream lacks them.", Anew(id));
        }

        log.Warning(PostgresSourceErrorCodes.PartitionAttached, $"{happened}. They are not handed over (Startup.{options.Startup}).");
    }

    private void ValuesChanged(TableId id, string happened) => log.Warning(
        PostgresSourceErrorCodes.ValuesChanged, $"Values may have changed that no change in the log tells: {happened}. {Anew(id)}");

    private static string Anew(TableId id) => $"To read the table anew: run --resnapshot {Pasted.Word(id.ToString())}.";
}
