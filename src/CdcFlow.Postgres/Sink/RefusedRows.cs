using System.Runtime.ExceptionServices;
using CdcFlow.Formats.Json;
using CdcFlow.Rejects;
using CdcFlow.Rows;
using Npgsql;

namespace CdcFlow.Postgres.Sink;

/// <summary>Finds the rows of a merge that the server refuses, by trying parts of it in a transaction that goes back to where it was.</summary>
/// <param name="options">The sink's options.</param>
/// <param name="number">Its number on its connection.</param>
/// <param name="table">Its table.</param>
/// <param name="pending">Its changes, staged.</param>
/// <param name="merge">Writes them.</param>
internal sealed class RefusedRows<T, TCodec>(PostgresSinkOptions options, int number, SinkTable table, PendingChanges<T, TCodec> pending, TableMerge<T, TCodec> merge)
    where T : class
    where TCodec : struct, IRowCodec<T>
{
    private static readonly ColumnSet notKey = new(TCodec.Schema, [.. TCodec.Schema.Columns.Select(column => !column.IsKey)]);

    private SinkSession session = null!;

    private string TableName => SinkSql.Quoted(options.Table);

    /// <summary>Uses the session from now on.</summary>
    public void Open(SinkSession opened) => session = opened;

    /// <summary>Names the row that the server refuses, and the column, as far as that can be told. The checkpoint's transaction is lost already.</summary>
    public async ValueTask<(string? Row, TargetColumn? Column)> NameAsync(PostgresException refusal, CancellationToken cancellationToken)
    {
        try
        {
            await session.RollbackAsync(cancellationToken);
            await session.BeginAsync(cancellationToken);
            await SetAsync(cancellationToken);
            return await RefusedRow.FindAsync(All(), async places => await TryAsync(places, cancellationToken) is PostgresException again && again.SqlState == refusal.SqlState) is { } place
                ? ($"the row of {pending.NameOf(place)}", await FindColumnAsync(place, refusal.SqlState, cancellationToken))
                : default;
        }
        catch (NpgsqlException)
        {
            // What the search runs into is of no interest beside the refusal that it was to explain.
            return default;
        }
    }

    /// <summary>Writes all staged rows but those that the server refuses for their own sake; the open transaction goes on.</summary>
    /// <param name="count">Is told of each that is refused, as it is found; throws when there are too many.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What is refused.</returns>
    /// <exception cref="NpgsqlException">The server refuses something that is no single row's fault.</exception>
    public async ValueTask<IReadOnlyList<RejectedChange>> MergeOthersAsync(Action<RejectedChange> count, CancellationToken cancellationToken)
    {
        var refused = new SortedDictionary<int, RejectedChange>();
        await SetAsync(cancellationToken);
        if (await MergeAsync(null, cancellationToken) is { } refusal)
        {
            await BackAsync(cancellationToken);
            if (!await RefusedRow.FindAllAsync(All(), refusal, places => TryAsync(places, cancellationToken), FoundAsync))
            {
                ExceptionDispatchInfo.Throw(refusal);
            }

            await merge.RunAsync([.. All().Where(place => !refused.ContainsKey(place))], cancellationToken);
        }

        await session.ExecuteAsync("RELEASE SAVEPOINT cdcflow_search", cancellationToken);
        return [.. refused.Values];

        async ValueTask FoundAsync(int place, Exception why)
        {
            refused.Add(place, await RejectAsync(place, why, cancellationToken));
            count(refused[place]);
        }
    }

    private List<int> All() => [.. Enumerable.Range(0, pending.Staged)];

    private async ValueTask SetAsync(CancellationToken cancellationToken) => await session.ExecuteAsync("SAVEPOINT cdcflow_search", cancellationToken);

    private async ValueTask BackAsync(CancellationToken cancellationToken) => await session.ExecuteAsync("ROLLBACK TO SAVEPOINT cdcflow_search", cancellationToken);

    /// <summary>Writes staged rows.</summary>
    /// <returns>Why one of them is refused for its own sake; null when none is.</returns>
    private async ValueTask<Exception?> MergeAsync(IReadOnlyList<int>? places, CancellationToken cancellationToken)
    {
        try
        {
            await merge.RunAsync(places, cancellationToken);
            return null;
        }
        catch (PostgresException refusal) when (RefusedRow.IsLookedFor(refusal))
        {
            return refusal;
        }
        catch (CdcFlowException refusal) when (refusal.IsOfRow)
        {
            return refusal;
        }
    }

    /// <summary>The same, and goes back.</summary>
    private async ValueTask<Exception?> TryAsync(IReadOnlyList<int> places, CancellationToken cancellationToken)
    {
        var refusal = await MergeAsync(places, cancellationToken);
        await BackAsync(cancellationToken);
        return refusal;
    }

    private async ValueTask<RejectedChange> RejectAsync(int place, Exception refusal, CancellationToken cancellationToken)
    {
        var error = refusal as CdcFlowException ?? PostgresSinkErrors.Of(
            (NpgsqlException)refusal, $"Sink '{options.Name}' writing to {TableName} (the row of {pending.NameOf(place)})",
            await FindColumnAsync(place, ((PostgresException)refusal).SqlState, cancellationToken), TableName);
        var row = pending.StagedAt(place);
        return new RejectedChange
        {
            Node = options.Name,
            Metadata = row.Metadata,
            Operation = row.Operations.Last,
            Code = error.Code,
            Cause = error.Happened,
            Key = row.Row is null ? null : RowEvidence<T, TCodec>.Key(row.Row),
            Row = await EvidenceAsync(place, row.Kind == RowKind.Delete ? notKey : row.Pending.Lacking, cancellationToken),
            LeavesOldRow = row.Operations.First is Operation.Update or Operation.Delete,
        };
    }

    /// <summary>The row as the sink was to write it.</summary>
    private async ValueTask<string?> EvidenceAsync(int place, ColumnSet? lacking, CancellationToken cancellationToken)
    {
        try
        {
            await merge.CopyAsync([place], cancellationToken);
            return await merge.ShowAsync(lacking, cancellationToken);
        }
        catch (PostgresException)
        {
            return null; // not even text: a zero character, for one
        }
        finally
        {
            await BackAsync(cancellationToken);
        }
    }

    private async ValueTask<TargetColumn?> FindColumnAsync(int place, string state, CancellationToken cancellationToken)
    {
        // The table as it is now: it may have been altered since the start.
        var binding = await table.BindAsync(session, cancellationToken);
        var now = binding.Bind(number);
        for (var column = 0; column < merge.Columns.Count; column++)
        {
            if (await IsRefusedAsync(place, now.Try(column), state, cancellationToken))
            {
                return binding.Columns[column];
            }
        }

        return await FindLossAsync(place, now, cancellationToken) is { } loss ? binding.Columns[loss] : null;
    }

    private async ValueTask<bool> IsRefusedAsync(int place, string sql, string state, CancellationToken cancellationToken)
    {
        try
        {
            await merge.CopyAsync([place], cancellationToken);
            await session.ExecuteAsync(sql, cancellationToken);
            return false;
        }
        catch (PostgresException again) when (again.SqlState == state)
        {
            return true;
        }
        finally
        {
            await BackAsync(cancellationToken);
        }
    }

    private async ValueTask<int?> FindLossAsync(int place, MergeSql now, CancellationToken cancellationToken)
    {
        if (now.FindLoss is null)
        {
            return null;
        }

        try
        {
            await merge.CopyAsync([place], cancellationToken);
            return await session.QueryAsync(now.FindLoss, reader => reader.GetInt32(1), cancellationToken) is [var loss] ? loss : null;
        }
        finally
        {
            await BackAsync(cancellationToken);
        }
    }
}
