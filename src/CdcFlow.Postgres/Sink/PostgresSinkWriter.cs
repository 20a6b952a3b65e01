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
    private SinkSession session = null!;
    private MergeSql sql = null!;
    private AuditColumns audit = null!;
    private int stagedIn;

    public async ValueTask<IReadOnlyList<PreflightCheck>> CheckAsync(SinkSession session, CancellationToken cancellationToken)
    {
        if (await TargetCatalog.ReadAsync(session, options.Table, cancellationToken) is { } table)
        {
            IReadOnlyList<PreflightCheck> problems = [.. new TargetBinding(options, TCodec.Schema, table).Problems()];
            return problems.Count > 0 ? problems : [Passed("exists and fits.")];
        }

        if (!options.CreateTable)
        {
            return [Missing()];
        }

        var (exists, mayCreate) = await TargetCatalog.SchemaAsync(session, options.Table.Schema, cancellationToken);
        var schema = SinkSql.Quoted(options.Table.Schema);
        return [exists && mayCreate ? Passed("will be created.") : new PreflightCheck(
            CheckName, PreflightStatus.Failed,
            exists ? $"The role may not create {SinkSql.Quoted(options.Table)}: it lacks CREATE on schema {schema}." : $"There is no schema {schema}.",
            exists ? PostgresSinkErrors.PrivilegeMissing : PostgresSinkErrors.TableMissing,
            exists ? $"GRANT CREATE ON SCHEMA {schema} TO …; or {TableDefinition.CreateSql(options, TCodec.Schema)};" : $"CREATE SCHEMA {schema};")];
    }

    public async ValueTask OpenAsync(SinkSession session, CancellationToken cancellationToken)
    {
        this.session = session;
        stagedIn = 0;
        var table = await TargetCatalog.ReadAsync(session, options.Table, cancellationToken);
        if (table is null && options.CreateTable)
        {
            await Coded("creating its table", () => session.ExecuteAsync(TableDefinition.CreateSql(options, TCodec.Schema), cancellationToken));
            table = await TargetCatalog.ReadAsync(session, options.Table, cancellationToken);
        }

        var binding = table is null ? null : new TargetBinding(options, TCodec.Schema, table);
        var problem = binding is null ? Missing() : binding.Problems().FirstOrDefault();
        if (problem is not null)
        {
            throw new CdcFlowException(problem.Code!, $"Sink '{options.Name}': {problem.Sentence}", problem.Mend);
        }

        sql = binding!.Bind(number);
        audit = new AuditColumns(binding.ColumnNames);
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
            var culprit = error is PostgresException refusal && RefusedRow.IsLookedFor(refusal) ? await FindRefusedAsync(refusal, round, cancellationToken) : null;
            throw PostgresSinkErrors.Of(error, $"Sink '{options.Name}' writing to {SinkSql.Quoted(options.Table)} ({culprit ?? Range()})");
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
        var (statements, expected) = Statements(counts);
        var affected = await session.ExecuteAllAsync(statements, cancellationToken);
        for (var index = 0; index < affected.Count; index++)
        {
            if (expected[index] is { } partial && partial.Rows != affected[index])
            {
                throw PostgresSinkErrors.NoRowToUpdate(options.Name, SinkSql.Quoted(options.Table), partial.Lacking.ToString(), Range());
            }
        }
    }

    /// <summary>Names the row that the server refuses; null when that cannot be told. The checkpoint's transaction is lost already.</summary>
    private async ValueTask<string?> FindRefusedAsync(PostgresException refusal, int round, CancellationToken cancellationToken)
    {
        try
        {
            await session.RollbackAsync(cancellationToken);
            await session.BeginAsync(cancellationToken);
            await session.ExecuteAsync("SAVEPOINT cdcflow_search", cancellationToken);
            var found = await RefusedRow.FindAsync(pending.InRound(round), rows => IsRefusedAsync(rows, refusal.SqlState, cancellationToken));
            return found is { } index ? pending.NameOf(index) : null;
        }
        catch (NpgsqlException)
        {
            // What the search runs into is of no interest beside the refusal that it was to explain.
            return null;
        }
    }

    private async ValueTask<bool> IsRefusedAsync(IReadOnlyList<int> rows, string state, CancellationToken cancellationToken)
    {
        stream.Clear();
        var counts = pending.WriteSome(rows, stream);
        try
        {
            await session.CopyAsync(sql.CopyToStaging, stream, cancellationToken);
            await session.ExecuteAllAsync(Statements(counts).Statements, cancellationToken);
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

    /// <summary>The merge's statements; beside each update of partial rows, how many rows it must find.</summary>
    private (List<string> Statements, List<(int Rows, ColumnSet Lacking)?> Expected) Statements(RoundCounts counts)
    {
        List<string> statements = [];
        List<(int, ColumnSet)?> expected = [];
        if (counts.Deletes > 0)
        {
            statements.Add(sql.Delete);
            expected.Add(null);
        }

        if (counts.Rows > 0)
        {
            statements.Add(options.Mode == PostgresSinkMode.Append ? sql.Append : sql.Upsert);
            expected.Add(null);
        }

        for (var pattern = 0; pattern < pending.Patterns.Count; pattern++)
        {
            if (counts.Partial(pattern) > 0)
            {
                statements.Add(sql.Update(RowKind.FirstPartial + pattern, pending.Patterns[pattern]));
                expected.Add((counts.Partial(pattern), pending.Patterns[pattern]));
            }
        }

        return (statements, expected);
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

    private string CheckName => $"table of {options.Name}";

    private PreflightCheck Passed(string how) => new(CheckName, PreflightStatus.Passed, $"{SinkSql.Quoted(options.Table)} {how}");

    private PreflightCheck Missing() => new(
        CheckName, PreflightStatus.Failed, $"{SinkSql.Quoted(options.Table)} does not exist.", PostgresSinkErrors.TableMissing,
        $"{TableDefinition.CreateSql(options, TCodec.Schema)}; or set CreateTable = true.");
}
