using CdcFlow.Configuration;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Postgres.Source.Watch;

/// <summary>Says what happened to rows of a table without a change in the log, and stops where rows would be missing.</summary>
/// <param name="table">The table.</param>
/// <param name="reads">Whether a column is read.</param>
/// <param name="connection">The server, to look closer.</param>
/// <param name="options">The options.</param>
/// <param name="log">Where it is said.</param>
internal sealed class FactReport(PostgresTable table, Func<string, bool> reads, PostgresConnection connection, PostgresSourceOptions options, IConnectorLog log)
{
    private TableId Id => table.Id;

    private string Anew => $"To read the table anew: run --resnapshot {Pasted.Word(Id.ToString())}.";

    /// <summary>Says one.</summary>
    /// <param name="now">The table's facts now.</param>
    /// <param name="change">What happened.</param>
    /// <exception cref="CdcFlowException">CDCF4067: a partition was attached with rows.</exception>
    internal void Report(TableFacts now, FactChange change)
    {
        switch (change)
        {
            case FactChange.PartitionCame(var oid, var partition) when FactCatalog.HasOlderRows(connection, Id, oid, partition):
                Attached(partition);
                break;
            case FactChange.PartitionWent(var partition):
                log.Warning(
                    PostgresSourceErrorCodes.PartitionGone,
                    $"Partition {partition.Name} of {Id} was detached or dropped, which the log does not tell: its rows stay downstream. {Anew}");
                break;
            case FactChange.Rewritten(var columns) when columns.Any(reads):
                ValuesChanged($"all rows of {Id} were rewritten when {string.Join(" or ", columns)} was altered (ALTER TYPE … USING, for one)");
                break;
            case FactChange.FileReplaced(var relation, _, var columnWriters) when FactCatalog.HasCopiedRows(connection, table.Oid, relation, columnWriters):
                ValuesChanged($"rows of {Id} were copied to another file (ALTER TABLE … SET UNLOGGED and SET LOGGED, for one: what was written between is in no log)");
                break;
            case FactChange.FileReplaced(var relation, true, _) when !FactCatalog.HasRowsOlderThanFile(connection, table.Oid, relation):
                log.Warning(
                    PostgresSourceErrorCodes.PartitionGone,
                    $"Partition {now.Partitions[relation].Name} of {Id} was truncated, which the log does not tell as a truncate of {Id}: its earlier rows stay downstream. {Anew}");
                break;
            case FactChange.ColumnFilled(var column) when reads(column):
                ValuesChanged($"column '{column}' was added to {Id} with a value for the rows that were there");
                break;
            case FactChange.ColumnReplaced(var column) when reads(column):
                ValuesChanged($"column '{column}' of {Id} is another one than before: it was dropped and added again, or took the name of another");
                break;
            case FactChange.KeyDropped when table.Identity != 'd': // of DEFAULT the log tells
                ValuesChanged($"the primary key of {Id} was dropped, and rows of one key that came before it was added again may have been taken for one");
                break;
            case FactChange.LabelRenamed(var from, var to):
                ValuesChanged($"label '{from}' of an enum that {Id} has is '{to}' now");
                break;
        }
    }

    // Who asked for changes alone does not miss earlier rows.
    private void Attached(PartitionFact partition)
    {
        var happened = $"Partition {partition.Name} was attached to {Id} with rows that the log never had as rows of {Id}";
        if (options.Startup is not (Startup.Latest or Startup.Committed))
        {
            throw new CdcFlowException(PostgresSourceErrorCodes.PartitionAttached, $"{happened}: downstream lacks them.", Anew);
        }

        log.Warning(PostgresSourceErrorCodes.PartitionAttached, $"{happened}. They are not handed over (Startup.{options.Startup}).");
    }

    private void ValuesChanged(string happened) => log.Warning(
        PostgresSourceErrorCodes.ValuesChanged, $"Values may have changed that no change in the log tells: {happened}. {Anew}");
}
