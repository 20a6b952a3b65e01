using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Testing.Conformance.Sources.Playing;

/// <summary>Writes accounts at random, from a seed: inserts, updates, deletes, and keys that move.</summary>
internal sealed class AccountWriter(SourcePlay play, int seed)
{
    private readonly Random random = new(seed);
    private readonly SortedDictionary<long, Account> rows = [];
    private int version;

    /// <summary>Inserts rows with even keys, so that there is room between them.</summary>
    public async Task FillAsync(int count)
    {
        await play.WriteAsync([.. Enumerable.Range(1, count).Select(number => Insert(number * 2))]);
    }

    /// <summary>Writes a transaction of one to three operations.</summary>
    public Task WriteAsync() => play.WriteAsync([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Next())]);

    private RowOperation Next()
    {
        var kind = rows.Count < 2 ? 0 : random.Next(0, 5);
        return kind switch
        {
            0 => Insert(FreeKey()),
            1 => Delete(AnyRow()),
            2 => Move(AnyRow(), FreeKey()),
            _ => Update(AnyRow()),
        };
    }

    private RowOperation Insert(long id)
    {
        var row = new Account(id, $"owner {id}", ++version, null);
        rows.Add(id, row);
        return Write.Insert(row);
    }

    private RowOperation Delete(Account row)
    {
        rows.Remove(row.Id);
        return Write.Delete(row);
    }

    private RowOperation Move(Account row, long id)
    {
        var moved = row with { Id = id, Balance = ++version };
        rows.Remove(row.Id);
        rows.Add(id, moved);
        return Write.Update(row, moved);
    }

    private RowOperation Update(Account row)
    {
        var after = row with { Balance = ++version, Note = $"note {version}" };
        rows[row.Id] = after;
        return Write.Update(row, after);
    }

    private Account AnyRow() => rows.ElementAt(random.Next(rows.Count)).Value;

    /// <summary>A key within the table, or just behind it.</summary>
    private long FreeKey()
    {
        var end = rows.Count == 0 ? 2 : rows.Last().Key + 4;
        for (var id = random.NextInt64(1, end); ; id++)
        {
            if (!rows.ContainsKey(id))
            {
                return id;
            }
        }
    }
}
