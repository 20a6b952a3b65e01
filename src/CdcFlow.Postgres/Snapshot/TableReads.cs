using CdcFlow.Postgres.Replication;
using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Source;

namespace CdcFlow.Postgres.Snapshot;

/// <summary>What the readers of one table share: its definition, and how its rows become reads for the outputs. Immutable.</summary>
/// <param name="origins">Says where its rows come from.</param>
/// <param name="definition">The table.</param>
/// <param name="outputs">Its outputs.</param>
internal sealed class TableReads(TableOrigins origins, PostgresTable definition, TableOutput[] outputs)
{
    internal PostgresTable Definition => definition;

    /// <summary>What the table must still be when a snapshot of it is taken.</summary>
    internal BoundForm Form { get; } = new(
        definition,
        outputs.SelectMany(output => output.Schema.Columns).Select(definition.Find).OfType<PostgresColumn>().Concat(definition.Key)
            .Select(column => column.Name).ToHashSet(StringComparer.Ordinal));

    /// <summary>The output whose rows are counted.</summary>
    internal int FirstOutput => outputs[0].Index;

    /// <summary>New batches for one reader; the first output is read first.</summary>
    internal IReadOnlyList<ChunkOutput> NewOutputs() => [.. outputs.Select(output => output.NewChunk())];

    /// <summary>The origin of rows read. Its place in the log is before that of any later change of the same rows.</summary>
    internal ChangeOrigin Origin(Lsn validFrom, DateTimeOffset now) => origins.Read(validFrom, now);
}
