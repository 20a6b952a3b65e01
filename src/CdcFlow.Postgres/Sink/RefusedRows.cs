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
            if (await RefusedRow.FindAsync(All(), places => IsRefusedAsync(places, refusal, cancellationToken)) is not { } place)
            {
                return default;
            }

            // Where other rows have a part in it, it is this one's only if they are taken without it.
            return !RefusedRow.IsOfOthersToo(refusal) ? ($"the row of {pending.NameOf(place)}", await FindColumnAsync(place, refusal.SqlState, cancellationToken))
                : await IsRefusedAsync([.. All().Where(other => other != place)], refusal, cancellationToken) ? default : ($"the row of {pending.NameOf(place)}", null);
        }
        catch (Exception error) when (error is NpgsqlException or CdcFlowException)
        {
            // What the search runs into is of no interest beside the refusal that it was to explain.
            return default;
        }
    }

    /// <summary>Writes all staged rows but those that the server refuses for their own sake; the open transaction goes on.</summary>
    /// <remarks>Whether the others are right together, their merge decides: what parts of them are refused for may be only that they are parts.</remarks>
    /// <param name="count">Is told of each that is refused, as it is found; throws when there are too many.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What is refused.</returns>
    /// <exception cref="NpgsqlException">The server refuses something that is no single row's fault.</exception>
    public async ValueTask<IReadOnlyList<RejectedChange>> MergeOthersAsync(Action<RejectedChange> count, CancellationToken cancellationToken)
    {
        var refused = new SortedDictionary<int, RejectedChange>();
        SortedSet<int> others = [.. All()];
        List<(int Place, Exception Why)> suspects = [];
        await SetAsync(cancellationToken);
        if (await MergeAsync(null, cancellationToken) is { } refusal)
        {
            await BackAsync(cancellationToken);
            await RefusedRow.FindAllAsync(All(), refusal, places => TryAsync(places, cancellationToken), FoundAsync);
            foreach (var (place, why) in suspects)
            {
                others.Add(place);
                if (await TryAsync([.. others], cancellationToken) is not null)
                {
                    await RefuseAsync(place, why);
                }
            }

            await merge.RunAsync([.. others], cancellationToken);
        }

        await session.ExecuteAsync("RELEASE SAVEPOINT cdcflow_search", cancellationToken);
        return [.. refused.Values];

        async ValueTask FoundAsync(int place, Exception why)
        {
            if (RefusedRow.MayBeOfOthersToo(why))
            {
                others.Remove(place);
                suspects.Add((place, why));
                return;
            }

            await RefuseAsync(place, why);
        }

        async ValueTask RefuseAsync(int place, Exception why)
        {
            others.Remove(place);
            refused.Add(place, await RejectAsync(place, why, cancellationToken));
            count(refused[place]);
        }
    }

    private async ValueTask<bool> IsRefusedAsync(IReadOnlyList<int> places, PostgresException refusal, CancellationToken cancellationToken) =>
        places.Count > 0 && await TryAsync(places, cancellationToken) is PostgresException again && (again.SqlState, again.ConstraintName) == (refusal.SqlState, refusal.ConstraintName);

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

    /// <summary>Writes some of the staged rows, and goes back.</summary>
    /// <returns>Why they are refused, be it for want of the others; null when they are not.</returns>
    private async ValueTask<Exception?> TryAsync(IReadOnlyList<int> places, CancellationToken cancellationToken)
    {
        Exception? refusal;
        try
        {
            refusal = await MergeAsync(places, cancellationToken);
        }
        catch (PostgresException ofOthersToo) when (RefusedRow.IsOfOthersToo(ofOthersToo))
        {
            refusal = ofOthersToo;
        }

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
            Message = (refusal as PostgresException)?.MessageText,
            Key = row.Row is null ? null : RowEvidence<T, TCodec>.Key(row.Row),
            Row = await EvidenceAsync(place, row.Kind == RowKind.Delete ? notKey : row.Pending.Lacking, cancellationToken),
            LeavesOldRow = row.Operations.First is Operation.Update or Operation.Delete,
        };
    }

    /// <summary>The row as the sink was to write it; null where it is not even text: a zero character, for one.</summary>
    private async ValueTask<string?> EvidenceAsync(int place, ColumnSet? lacking, CancellationToken cancellationToken) =>
        (await AskAsync(place, () => merge.ShowAsync(lacking, cancellationToken), cancellationToken)).Answer;

    private async ValueTask<TargetColumn?> FindColumnAsync(int place, string state, CancellationToken cancellationToken)
    {
        // The table as it is now: it may have been altered since the start.
        var binding = await table.BindAsync(session, cancellationToken);
        var now = binding.Bind(number);
        for (var column = 0; column < merge.Columns.Count; column++)
        {
            var sql = now.Try(column);
            var (_, refusal) = await AskAsync(place, () => session.ExecuteAsync(sql, cancellationToken), cancellationToken);
            if (refusal?.SqlState == state)
            {
                return binding.Columns[column];
            }
        }

        return now.FindLoss is { } findLoss
            && (await AskAsync(place, () => session.QueryAsync(findLoss, reader => reader.GetInt32(1), cancellationToken), cancellationToken)).Answer is [var loss]
            ? binding.Columns[loss] : null;
    }

    /// <summary>Asks the server about one row, alone in the temporary table, and goes back.</summary>
    /// <returns>Its answer, or why it refuses to give one: the row may have more than one flaw.</returns>
    private async ValueTask<(TAnswer? Answer, PostgresException? Refusal)> AskAsync<TAnswer>(int place, Func<ValueTask<TAnswer>> ask, CancellationToken cancellationToken)
    {
        (TAnswer?, PostgresException?) result;
        try
        {
            await merge.CopyAsync([place], cancellationToken);
            result = (await ask(), null);
        }
        catch (PostgresException refusal) when (!session.IsBroken)
        {
            result = (default, refusal);
        }

        await BackAsync(cancellationToken);
        return result;
    }
}
