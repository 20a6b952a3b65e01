using CdcFlow.Formats;
using CdcFlow.Rows;

namespace CdcFlow.Postgres.Sink;

/// <summary>Brings the rows that are staged into one table, all or some, by one merge.</summary>
/// <param name="options">The sink's options.</param>
/// <param name="number">Its number on its connection.</param>
/// <param name="pending">Its changes.</param>
internal sealed class TableMerge<T, TCodec>(PostgresSinkOptions options, int number, PendingChanges<T, TCodec> pending) : IDisposable
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private readonly ByteBuffer stream = new(64 * 1024);
    private SinkSession session = null!;
    private MergeSql sql = null!;
    private bool hasDeleteTrigger;
    private int stagedIn;

    /// <summary>The table's columns, in the order of the row type's.</summary>
    public IReadOnlyList<TargetColumn> Columns { get; private set; } = [];

    private bool IsAppend => options.Mode == PostgresSinkMode.Append;

    private string TableName => SinkSql.Quoted(options.Table);

    /// <summary>Writes by the binding from now on.</summary>
    public async ValueTask OpenAsync(SinkSession opened, TargetBinding binding, CancellationToken cancellationToken)
    {
        session = opened;
        stagedIn = 0;
        Columns = binding.Columns;
        hasDeleteTrigger = binding.HasDeleteTrigger;
        sql = binding.Bind(number);
        await session.ExecuteAsync(sql.CreateStaging, cancellationToken);
    }

    /// <summary>Empties the table.</summary>
    public ValueTask<int> EmptyAsync(CancellationToken cancellationToken) => session.ExecuteAsync(sql.DeleteAll, cancellationToken);

    /// <summary>Writes staged rows in the open transaction.</summary>
    /// <param name="places">Which; null: all.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async ValueTask RunAsync(IReadOnlyList<int>? places, CancellationToken cancellationToken)
    {
        var counts = await CopyAsync(places, cancellationToken);
        await RefuseLossesAsync(cancellationToken);
        var statements = Statements(counts);
        var affected = await session.ExecuteAllAsync([.. statements.Select(statement => statement.Sql)], cancellationToken);
        for (var index = 0; index < affected.Count; index++)
        {
            if (statements[index].Rows is { } rows && rows != affected[index])
            {
                throw await ShortOfAsync(statements[index], Math.Abs(rows - affected[index]), cancellationToken);
            }
        }
    }

    /// <summary>Sends staged rows to the temporary table, in place of what an earlier merge of the transaction has left there.</summary>
    public async ValueTask<MergeCounts> CopyAsync(IReadOnlyList<int>? places, CancellationToken cancellationToken)
    {
        if (stagedIn == session.Transactions)
        {
            await session.ExecuteAsync(sql.ClearStaging, cancellationToken);
        }

        stagedIn = session.Transactions;
        stream.Clear();
        var counts = pending.Write(places, IsAppend, stream);
        await session.CopyAsync(sql.CopyToStaging, stream, cancellationToken);
        return counts;
    }

    /// <summary>Shows the one row in the temporary table, as JSON.</summary>
    public async ValueTask<string?> ShowAsync(ColumnSet? lacking, CancellationToken cancellationToken) =>
        (await session.QueryAsync(sql.Show(lacking), reader => reader.GetString(0), cancellationToken)).FirstOrDefault();

    public void Dispose() => stream.Dispose();

    /// <summary>Why a statement wrote or found fewer rows than it was to: the row is missing, or a trigger has passed over it.</summary>
    private async ValueTask<CdcFlowException> ShortOfAsync(MergeStatement statement, int rows, CancellationToken cancellationToken) =>
        statement.Lacking is { } lacking
        && await session.QueryAsync(sql.FindMissing(statement), reader => reader.GetInt32(0), cancellationToken) is [var place]
            ? PostgresSinkErrors.NoRowToUpdate(options.Name, TableName, $"the row of {pending.NameOf(place)}", lacking.ToString(), pending.Range.Last.Table)
            : PostgresSinkErrors.PassedOver(options.Name, TableName, rows, pending.RangeName);

    /// <summary>Stops at a row that a column would round or cut.</summary>
    private async ValueTask RefuseLossesAsync(CancellationToken cancellationToken)
    {
        if (sql.FindLoss is not null
            && await session.QueryAsync(sql.FindLoss, reader => (Place: reader.GetInt32(0), Column: reader.GetInt32(1)), cancellationToken) is [var loss])
        {
            throw PostgresSinkErrors.WouldChange(options.Name, TableName, $"the row of {pending.NameOf(loss.Place)}", Columns[loss.Column]);
        }
    }

    /// <summary>The merge's statements. What rows lack is fetched before anything is changed; after that each key is written once, so that their order does not matter.</summary>
    private List<MergeStatement> Statements(MergeCounts counts)
    {
        List<MergeStatement> fills = [], updates = [];
        for (var pattern = 0; pattern < pending.Patterns.Count; pattern++)
        {
            Add(fills, RowKind.Lacking(pattern, isMoved: true), sql.Fill);
            Add(updates, RowKind.Lacking(pattern, isMoved: false), sql.Update);

            void Add(List<MergeStatement> statements, short kind, Func<short, ColumnSet, string> write)
            {
                if (counts[kind] > 0)
                {
                    var lacking = pending.Patterns[pattern];
                    statements.Add(new MergeStatement(write(kind, lacking), counts[kind], kind, lacking) { IsMoved = statements == fills });
                }
            }
        }

        List<MergeStatement> deletes = counts[RowKind.Delete] == 0 ? [] : [new MergeStatement(sql.Delete), .. hasDeleteTrigger ? [new MergeStatement(sql.CountDeletable, Rows: 0)] : Array.Empty<MergeStatement>()];
        var whole = counts[RowKind.Row] + fills.Sum(fill => fill.Rows ?? 0);
        List<MergeStatement> upserts = whole == 0 ? []
            : [IsAppend ? new MergeStatement(sql.Append, whole) : new MergeStatement(sql.Upsert, sql.CountsUpserts ? whole : null)];
        return [.. fills, .. deletes, .. updates, .. upserts];
    }
}
