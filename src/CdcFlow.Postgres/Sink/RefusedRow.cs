using Npgsql;

namespace CdcFlow.Postgres.Sink;

/// <summary>Which row of a merge the server refused: it does not say, so that halves of the merge are tried until one row is left.</summary>
internal static class RefusedRow
{
    /// <summary>Whether a refusal depends on one row alone. What depends on other rows too (unique and foreign keys) would be found at an innocent one.</summary>
    public static bool IsLookedFor(PostgresException refusal) =>
        refusal.SqlState is PostgresErrorCodes.NotNullViolation or PostgresErrorCodes.CheckViolation
        || refusal.SqlState[..2] is "22" or "P0";

    /// <summary>Whether other rows have a part in a refusal: where they are not tried with it (the row that it refers to, the delete that frees its unique value), it says nothing.</summary>
    public static bool IsOfOthersToo(Exception refusal) => refusal is PostgresException answer && answer.SqlState[..2] == "23" && !IsLookedFor(answer);

    /// <summary>Whether other rows may have a part in it: a trigger may ask for what it likes.</summary>
    public static bool MayBeOfOthersToo(Exception refusal) => refusal is PostgresException answer && answer.SqlState[..2] == "P0";

    /// <summary>Finds it.</summary>
    /// <param name="rows">The rows of the merge.</param>
    /// <param name="isRefused">Whether the server refuses some of them in the same way.</param>
    /// <returns>The row; null when it is not one row's fault.</returns>
    public static async ValueTask<int?> FindAsync(IReadOnlyList<int> rows, Func<IReadOnlyList<int>, ValueTask<bool>> isRefused)
    {
        if (!await isRefused(rows))
        {
            return null;
        }

        while (rows.Count > 1)
        {
            IReadOnlyList<int> first = [.. rows.Take(rows.Count / 2)];
            IReadOnlyList<int> second = [.. rows.Skip(rows.Count / 2)];
            if (await isRefused(first))
            {
                rows = first;
            }
            else if (await isRefused(second))
            {
                rows = second;
            }
            else
            {
                return null;
            }
        }

        return rows[0];
    }

    /// <summary>Finds all that are refused alone.</summary>
    /// <param name="rows">Rows that the server refuses together.</param>
    /// <param name="refusal">Why.</param>
    /// <param name="tryThem">Tries some of them: why they are refused; null when they are not.</param>
    /// <param name="found">Is told of each that is refused alone, and why; not where that says nothing about it.</param>
    public static async ValueTask FindAllAsync(
        IReadOnlyList<int> rows, Exception refusal, Func<IReadOnlyList<int>, ValueTask<Exception?>> tryThem, Func<int, Exception, ValueTask> found)
    {
        if (rows.Count == 1)
        {
            if (!IsOfOthersToo(refusal))
            {
                await found(rows[0], refusal);
            }

            return;
        }

        foreach (IReadOnlyList<int> half in new[] { rows.Take(rows.Count / 2).ToList(), rows.Skip(rows.Count / 2).ToList() })
        {
            if (await tryThem(half) is { } why)
            {
                await FindAllAsync(half, why, tryThem, found);
            }
        }
    }
}
