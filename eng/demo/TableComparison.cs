using System.Runtime.CompilerServices;
using Npgsql;

namespace Shop;

/// <summary>Compares two tables by merging them in the order of their key: any size, in constant memory.</summary>
public static class TableComparison
{
    /// <summary>Both queries give <c>(id bigint, content text)</c> ordered by id.</summary>
    public static async Task<Verdict> CompareAsync(
        string sink, NpgsqlDataSource source, string expectedSql, NpgsqlDataSource target, string actualSql, CancellationToken cancellationToken)
    {
        await using var expected = RowsAsync(source, expectedSql, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var actual = RowsAsync(target, actualSql, cancellationToken).GetAsyncEnumerator(cancellationToken);
        long rows = 0, lost = 0, doubled = 0;
        var examples = new Examples();
        var (hasExpected, hasActual) = (await expected.MoveNextAsync(), await actual.MoveNextAsync());
        while (hasExpected || hasActual)
        {
            var order = !hasActual ? -1 : !hasExpected ? 1 : expected.Current.Id.CompareTo(actual.Current.Id);
            rows += order <= 0 ? 1 : 0;
            doubled += order > 0 ? 1 : 0;
            if (order != 0 || expected.Current.Content != actual.Current.Content)
            {
                lost += order <= 0 ? 1 : 0;
                examples.Add($"source {(order <= 0 ? expected.Current : "nothing")}, sink {(order >= 0 ? actual.Current : "nothing")}");
            }

            hasExpected = order <= 0 ? await expected.MoveNextAsync() : hasExpected;
            hasActual = order >= 0 ? await actual.MoveNextAsync() : hasActual;
        }

        return new Verdict(sink, rows, lost, doubled) { Examples = examples };
    }

    internal static async IAsyncEnumerable<(long Id, string Content)> RowsAsync(
        NpgsqlDataSource database, string sql, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await ReadAsync(command, cancellationToken);
        while (reader is not null && await reader.ReadAsync(cancellationToken))
        {
            yield return (reader.GetInt64(0), reader.GetString(1));
        }
    }

    // A table that the sink has not even made holds no rows.
    private static async Task<NpgsqlDataReader?> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return await command.ExecuteReaderAsync(cancellationToken);
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return null;
        }
    }
}
