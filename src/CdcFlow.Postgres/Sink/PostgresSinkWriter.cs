using CdcFlow.Batches;
using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Formats;
using CdcFlow.Rows;
using CdcFlow.Sinks;
using Npgsql;

namespace CdcFlow.Postgres.Sink;

/// <summary>Writes the changes of one sink to its table, in the transaction that its connection's sinks share.</summary>
/// <remarks>Changes are collected and merged by key (or appended) a few thousand at a time, so that small batches cost no round trip each.</remarks>
/// <param name="options">The sink's options.</param>
/// <param name="number">Its number on its connection.</param>
/// <param name="emptied">The tables that the connection's sinks remove rows from; complete when the first method is called.</param>
/// <param name="log">Where lifecycle facts are reported.</param>
internal sealed class PostgresSinkWriter<T, TCodec>(PostgresSinkOptions options, int number, IReadOnlyCollection<TableId> emptied, IConnectorLog log) : ISinkWriter<T>, IPostgresSinkWriter
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private readonly PendingChanges<T, TCodec> pending = new();
    private readonly ByteBuffer stream = new(64 * 1024);
    private readonly SinkTable table = new(options, TCodec.Schema, emptied);
    private SinkSession session = null!;
    private MergeSql sql = null!;
    private AuditColumns audit = null!;
    private IReadOnlyList<TargetColumn> columns = [];
    private bool hasDeleteTrigger;
    private int stagedIn;

    public PostgresSinkOptions Options => options;

    public string? NameIfKeeping => IsAppend || options.Truncates != RemovalMode.Apply ? options.Name : null;

    public string? NameIfUpdating => IsAppend ? null : options.Name;

    private bool IsAppend => options.Mode == PostgresSinkMode.Append;

    private string TableName => SinkSql.Quoted(options.Table);

    public ValueTask<IReadOnlyList<PreflightCheck>> CheckAsync(SinkSession session, CheckpointRef? last, CancellationToken cancellationToken) =>
        table.CheckAsync(session, last, cancellationToken);

    public async ValueTask OpenAsync(SinkSession session, CheckpointRef? last, CancellationToken cancellationToken)
    {
        this.session = session;
        stagedIn = 0;
        var binding = await table.OpenAsync(session, last, log, cancellationToken);
        columns = binding.Columns;
        hasDeleteTrigger = binding.HasDeleteTrigger;
        sql = binding.Bind(number);
        audit = new AuditColumns([.. columns.Select(column => column.Name)]);
        await Coded("making its temporary table", () => session.ExecuteAsync(sql.CreateStaging, cancellationToken));
    }

    public async ValueTask WriteAsync(ChangeBatch<T> batch, CancellationToken cancellationToken)
    {
        for (var next = 0; next < batch.Count;)
        {
            next = Collect(batch.Changes, next, out var isTruncate);
            if (isTruncate)
            {
                await TruncateAsync(batch.Changes[next - 1], cancellationToken);
            }

            if (pending.IsFull)
            {
                await FlushAsync(cancellationToken);
            }
        }
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (pending.Count == 0)
        {
            return;
        }

        pending.Stage();
        try
        {
            await session.BeginAsync(cancellationToken);
            await MergeAsync(cancellationToken);
        }
        catch (NpgsqlException error)
        {
            var culprit = error is PostgresException refusal && RefusedRow.IsLookedFor(refusal) ? await FindRefusedAsync(refusal, cancellationToken) : default;
            throw PostgresSinkErrors.Of(error, $"Sink '{options.Name}' writing to {TableName} ({culprit.Row ?? Range()})", culprit.Column, TableName);
        }

        pending.Written();
    }

    public void Dispose()
    {
        pending.Dispose();
        stream.Dispose();
    }

    /// <summary>Takes changes until the buffer is full or a truncate comes.</summary>
    /// <returns>The index of the first change that was not taken.</returns>
    private int Collect(ReadOnlySpan<Change<T>> changes, int from, out bool isTruncate)
    {
        isTruncate = false;
        for (var index = from; index < changes.Length; index++)
        {
            ref readonly var change = ref changes[index];
            if (IsAppend)
            {
                pending.AppendChange(change, audit);
            }
            else if (change.Operation == Operation.Truncate)
            {
                isTruncate = true;
                return index + 1;
            }
            else
            {
                Take(change);
            }

            // The two halves of an update that gave the row another key stay together: the second may take columns from the first.
            if (pending.IsFull && (index + 1 == changes.Length || change.Operation != Operation.Delete))
            {
                return index + 1;
            }
        }

        return changes.Length;
    }

    private void Take(in Change<T> change)
    {
        if (change.Operation == Operation.Delete && !Allows(options.Deletes, nameof(PostgresSinkAttribute.Deletes), change))
        {
            pending.Ignore(change);
        }
        else if (!pending.AddByKey(change))
        {
            throw PostgresSinkErrors.NoRowToUpdate(
                options.Name, TableName, NameOf(change), change.Missing!.ToString(), change.Metadata.Table);
        }
    }

    private async ValueTask TruncateAsync(Change<T> change, CancellationToken cancellationToken)
    {
        if (!Allows(options.Truncates, nameof(PostgresSinkAttribute.Truncates), change))
        {
            return;
        }

        pending.Forget(); // whatever it would write is removed now

        // Not TRUNCATE: that would lock readers out until the checkpoint is committed.
        await Coded($"emptying {TableName}", async () =>
        {
            await session.BeginAsync(cancellationToken);
            return await session.ExecuteAsync(sql.DeleteAll, cancellationToken);
        });
    }

    private async ValueTask MergeAsync(CancellationToken cancellationToken)
    {
        if (stagedIn == session.Transactions)
        {
            await session.ExecuteAsync(sql.ClearStaging, cancellationToken);
        }

        stream.Clear();
        var counts = pending.Write(places: null, IsAppend, stream);
        await session.CopyAsync(sql.CopyToStaging, stream, cancellationToken);
        stagedIn = session.Transactions;
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

    /// <summary>Why a statement wrote or found fewer rows than it was to: the row is missing, or a trigger has passed over it.</summary>
    private async ValueTask<CdcFlowException> ShortOfAsync(MergeStatement statement, int rows, CancellationToken cancellationToken) =>
        statement.Lacking is { } lacking
        && await session.QueryAsync(sql.FindMissing(statement), reader => reader.GetInt32(0), cancellationToken) is [var place]
            ? PostgresSinkErrors.NoRowToUpdate(options.Name, TableName, pending.NameOf(place), lacking.ToString(), pending.Range.Last.Table)
            : PostgresSinkErrors.PassedOver(options.Name, TableName, rows, Range());

    /// <summary>Stops at a row that a column would round or cut.</summary>
    private async ValueTask RefuseLossesAsync(CancellationToken cancellationToken)
    {
        if (sql.FindLoss is not null
            && await session.QueryAsync(sql.FindLoss, reader => (Place: reader.GetInt32(0), Column: reader.GetInt32(1)), cancellationToken) is [var loss])
        {
            throw PostgresSinkErrors.WouldChange(options.Name, TableName, pending.NameOf(loss.Place), columns[loss.Column]);
        }
    }

    /// <summary>Names the row that the server refuses, and the column, as far as that can be told. The checkpoint's transaction is lost already.</summary>
    private async ValueTask<(string? Row, TargetColumn? Column)> FindRefusedAsync(PostgresException refusal, CancellationToken cancellationToken)
    {
        try
        {
            await session.RollbackAsync(cancellationToken);
            await session.BeginAsync(cancellationToken);
            await session.ExecuteAsync("SAVEPOINT cdcflow_search", cancellationToken);
            IReadOnlyList<int> all = [.. Enumerable.Range(0, pending.Staged)];
            return await RefusedRow.FindAsync(all, rows => IsRefusedAsync(rows, refusal.SqlState, cancellationToken)) is { } place
                ? (pending.NameOf(place), await FindColumnAsync(place, refusal.SqlState, cancellationToken))
                : default;
        }
        catch (NpgsqlException)
        {
            // What the search runs into is of no interest beside the refusal that it was to explain.
            return default;
        }
    }

    private async ValueTask<TargetColumn?> FindColumnAsync(int place, string state, CancellationToken cancellationToken)
    {
        // The table as it is now: it may have been altered since the start.
        var binding = await table.BindAsync(session, cancellationToken);
        var now = binding.Bind(number);
        for (var column = 0; column < columns.Count; column++)
        {
            if (await IsRefusedAsync([place], state, cancellationToken, _ => [now.Try(column)]))
            {
                return binding.Columns[column];
            }
        }

        stream.Clear();
        pending.Write([place], IsAppend, stream);
        await session.CopyAsync(sql.CopyToStaging, stream, cancellationToken);
        return now.FindLoss is not null && await session.QueryAsync(now.FindLoss, reader => reader.GetInt32(1), cancellationToken) is [var loss] ? binding.Columns[loss] : null;
    }

    private async ValueTask<bool> IsRefusedAsync(
        IReadOnlyList<int> places, string state, CancellationToken cancellationToken, Func<MergeCounts, IReadOnlyList<string>>? statements = null)
    {
        stream.Clear();
        var counts = pending.Write(places, IsAppend, stream);
        try
        {
            await session.CopyAsync(sql.CopyToStaging, stream, cancellationToken);
            await session.ExecuteAllAsync(statements?.Invoke(counts) ?? [.. Statements(counts).Select(statement => statement.Sql)], cancellationToken);
            return false;
        }
        catch (PostgresException again) when (again.SqlState == state)
        {
            return true;
        }
        finally
        {
            await session.ExecuteAsync("ROLLBACK TO SAVEPOINT cdcflow_search", cancellationToken);
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

    private bool Allows(RemovalMode mode, string setting, in Change<T> removal) => mode switch
    {
        RemovalMode.Apply => true,
        RemovalMode.Ignore => false,
        _ => throw PostgresSinkErrors.Refused(options.Name, $"the {(removal.Operation == Operation.Delete ? "delete" : "truncate")} of {NameOf(removal)}", setting),
    };

    private static string NameOf(in Change<T> change) =>
        $"{(change.Operation == Operation.Truncate ? "" : $"key {TCodec.Key(change.Row)}, ")}{change.Metadata.Table}, offset {change.Metadata.Offset}";

    private string Range() => $"{pending.Range.First.Table}, offsets {pending.Range.First.Offset} to {pending.Range.Last.Offset}";

    private async ValueTask<TResult> Coded<TResult>(string doing, Func<ValueTask<TResult>> work)
    {
        try
        {
            return await work();
        }
        catch (NpgsqlException error)
        {
            throw PostgresSinkErrors.Of(error, $"Sink '{options.Name}' {doing}", table: TableName);
        }
    }
}
