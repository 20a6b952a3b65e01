using CdcFlow.Batches;
using CdcFlow.Configuration;
using CdcFlow.Formats;
using CdcFlow.Rows;
using CdcFlow.Sinks;
using Npgsql;

namespace CdcFlow.Postgres.Sink;

/// <summary>Writes the changes of one sink to its table, in the transaction that its connection's sinks share.</summary>
/// <remarks>Changes are collected and merged by key (or appended) a few thousand at a time, so that small batches cost no round trip each.</remarks>
internal sealed class PostgresSinkWriter<T, TCodec>(PostgresSinkOptions options, int number) : ISinkWriter<T>, IPostgresSinkWriter
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private readonly PendingChanges<T, TCodec> pending = new();
    private readonly ByteBuffer stream = new(64 * 1024);
    private readonly SinkTable table = new(options, TCodec.Schema);
    private SinkSession session = null!;
    private MergeSql sql = null!;
    private AuditColumns audit = null!;
    private IReadOnlyList<TargetColumn> columns = [];
    private bool hasDeleteTrigger;
    private int stagedIn;

    public string? NameIfKeeping => options.Mode == PostgresSinkMode.Append || options.Truncates != RemovalMode.Apply ? options.Name : null;

    public ValueTask<IReadOnlyList<PreflightCheck>> CheckAsync(SinkSession session, CancellationToken cancellationToken) =>
        table.CheckAsync(session, cancellationToken);

    public async ValueTask OpenAsync(SinkSession session, CancellationToken cancellationToken)
    {
        this.session = session;
        stagedIn = 0;
        var binding = await table.OpenAsync(session, cancellationToken);
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
                await TruncateAsync(cancellationToken);
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

        var round = 0;
        try
        {
            await session.BeginAsync(cancellationToken);
            for (; round < pending.Rounds; round++)
            {
                await MergeAsync(round, cancellationToken);
            }
        }
        catch (NpgsqlException error)
        {
            var culprit = error is PostgresException refusal && RefusedRow.IsLookedFor(refusal) ? await FindRefusedAsync(refusal, round, cancellationToken) : default;
            throw PostgresSinkErrors.Of(error, $"Sink '{options.Name}' writing to {SinkSql.Quoted(options.Table)} ({culprit.Row ?? Range()})", culprit.Column, SinkSql.Quoted(options.Table));
        }

        pending.Clear();
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
            if (options.Mode == PostgresSinkMode.Append)
            {
                pending.AppendChange(change, audit);
            }
            else if (change.Operation == Operation.Truncate)
            {
                isTruncate = true;
                return index + 1;
            }
            else if (change.Operation != Operation.Delete || Allows(options.Deletes, nameof(PostgresSinkAttribute.Deletes), "a delete"))
            {
                pending.AddByKey(change);
            }

            if (pending.IsFull)
            {
                return index + 1;
            }
        }

        return changes.Length;
    }

    private async ValueTask TruncateAsync(CancellationToken cancellationToken)
    {
        if (!Allows(options.Truncates, nameof(PostgresSinkAttribute.Truncates), "a truncate"))
        {
            return;
        }

        pending.Clear(); // whatever it would write is removed now

        // Not TRUNCATE: that would lock readers out until the checkpoint is committed.
        await Coded($"emptying {SinkSql.Quoted(options.Table)}", async () =>
        {
            await session.BeginAsync(cancellationToken);
            return await session.ExecuteAsync(sql.DeleteAll, cancellationToken);
        });
    }

    private async ValueTask MergeAsync(int round, CancellationToken cancellationToken)
    {
        if (stagedIn == session.Transactions)
        {
            await session.ExecuteAsync(sql.ClearStaging, cancellationToken);
        }

        stream.Clear();
        var counts = pending.WriteRound(round, stream);
        await session.CopyAsync(sql.CopyToStaging, stream, cancellationToken);
        stagedIn = session.Transactions;
        await RefuseLossesAsync(cancellationToken);
        var statements = Statements(counts);
        var affected = await session.ExecuteAllAsync([.. statements.Select(statement => statement.Sql)], cancellationToken);
        for (var index = 0; index < affected.Count; index++)
        {
            if (statements[index].Rows is { } rows && rows != affected[index])
            {
                throw statements[index].Lacking is { } lacking
                    ? PostgresSinkErrors.NoRowToUpdate(options.Name, SinkSql.Quoted(options.Table), lacking.ToString(), Range())
                    : PostgresSinkErrors.PassedOver(options.Name, SinkSql.Quoted(options.Table), statements[index].Sql == sql.CountDeletable ? affected[index] : rows - affected[index], Range());
            }
        }
    }

    /// <summary>Stops at a row that a column would round or cut.</summary>
    private async ValueTask RefuseLossesAsync(CancellationToken cancellationToken)
    {
        if (sql.FindLoss is not null
            && await session.QueryAsync(sql.FindLoss, reader => (Place: reader.GetInt32(0), Column: reader.GetInt32(1)), cancellationToken) is [var loss])
        {
            throw PostgresSinkErrors.WouldChange(options.Name, SinkSql.Quoted(options.Table), pending.NameOf(loss.Place), columns[loss.Column]);
        }
    }

    /// <summary>Names the row that the server refuses, and the column, as far as that can be told. The checkpoint's transaction is lost already.</summary>
    private async ValueTask<(string? Row, TargetColumn? Column)> FindRefusedAsync(PostgresException refusal, int round, CancellationToken cancellationToken)
    {
        try
        {
            await session.RollbackAsync(cancellationToken);
            await session.BeginAsync(cancellationToken);
            await session.ExecuteAsync("SAVEPOINT cdcflow_search", cancellationToken);
            return await RefusedRow.FindAsync(pending.InRound(round), rows => IsRefusedAsync(rows, refusal.SqlState, cancellationToken)) is { } index
                ? (pending.NameOf(index), await FindColumnAsync(index, refusal.SqlState, cancellationToken))
                : default;
        }
        catch (NpgsqlException)
        {
            // What the search runs into is of no interest beside the refusal that it was to explain.
            return default;
        }
    }

    private async ValueTask<TargetColumn?> FindColumnAsync(int row, string state, CancellationToken cancellationToken)
    {
        for (var column = 0; column < columns.Count; column++)
        {
            if (await IsRefusedAsync([row], state, cancellationToken, _ => [sql.Try(column)]))
            {
                return columns[column];
            }
        }

        return null;
    }

    private async ValueTask<bool> IsRefusedAsync(
        IReadOnlyList<int> rows, string state, CancellationToken cancellationToken, Func<RoundCounts, IReadOnlyList<string>>? statements = null)
    {
        stream.Clear();
        var counts = pending.WriteSome(rows, stream);
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

    /// <summary>The merge's statements.</summary>
    private List<MergeStatement> Statements(RoundCounts counts)
    {
        List<MergeStatement> statements = [];
        if (counts.Deletes > 0)
        {
            statements.Add(new MergeStatement(sql.Delete));
            if (hasDeleteTrigger)
            {
                statements.Add(new MergeStatement(sql.CountDeletable, Rows: 0));
            }
        }

        if (counts.Rows > 0)
        {
            statements.Add(options.Mode == PostgresSinkMode.Append ? new MergeStatement(sql.Append, counts.Rows)
                : new MergeStatement(sql.Upsert, sql.CountsUpserts ? counts.Rows : null));
        }

        for (var pattern = 0; pattern < pending.Patterns.Count; pattern++)
        {
            if (counts.Partial(pattern) > 0)
            {
                statements.Add(new MergeStatement(sql.Update(RowKind.FirstPartial + pattern, pending.Patterns[pattern]), counts.Partial(pattern), pending.Patterns[pattern]));
            }
        }

        return statements;
    }

    private bool Allows(RemovalMode mode, string setting, string what) => mode switch
    {
        RemovalMode.Apply => true,
        RemovalMode.Ignore => false,
        _ => throw PostgresSinkErrors.Refused(options.Name, what, setting),
    };

    private string Range() => $"{pending.Range.First.Table}, offsets {pending.Range.First.Offset} to {pending.Range.Last.Offset}";

    private async ValueTask<TResult> Coded<TResult>(string doing, Func<ValueTask<TResult>> work)
    {
        try
        {
            return await work();
        }
        catch (NpgsqlException error)
        {
            throw PostgresSinkErrors.Of(error, $"Sink '{options.Name}' {doing}");
        }
    }
}
