using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Shop;

/// <summary>Compares folders of JSON lines with the shop.</summary>
public static class FileComparison
{
    /// <summary>Every change by itself: the chain of each order's revisions, and at its end the order as the shop has it.</summary>
    public static async Task<Verdict> AuditAsync(string sink, NpgsqlDataSource shop, string folder, CancellationToken cancellationToken)
    {
        var chain = new ChangeChain();
        foreach (var line in ChangeLine.ReadFolder(folder))
        {
            if (line.Row is { } row)
            {
                chain.Write(line.Key, row.GetProperty("revision").GetInt32());
            }
            else
            {
                chain.Delete(line.Key);
            }
        }

        var ends = chain.Alive.ToDictionary(row => row.Key, row => row.Value.ToString(CultureInfo.InvariantCulture));
        var state = await AgainstAsync(sink, shop, "SELECT id, revision::text FROM orders", ends, cancellationToken);
        return new Verdict(sink, chain.Changes, chain.Lost + state.Lost, chain.Doubled + state.Doubled, chain.OutOfOrder);
    }

    /// <summary>What is left when all changes are applied in the order of the files: an upsert each, or a delete.</summary>
    public static async Task<Verdict> FoldAsync(
        string sink, NpgsqlDataSource shop, string expectedSql, string folder, Func<JsonElement, string> content, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<long, string>();
        foreach (var line in ChangeLine.ReadFolder(folder))
        {
            if (line.Row is { } row)
            {
                rows[line.Key] = content(row);
            }
            else
            {
                rows.Remove(line.Key);
            }
        }

        return await AgainstAsync(sink, shop, expectedSql, rows, cancellationToken);
    }

    private static async Task<Verdict> AgainstAsync(
        string sink, NpgsqlDataSource shop, string expectedSql, Dictionary<long, string> actual, CancellationToken cancellationToken)
    {
        long rows = 0, lost = 0;
        await foreach (var (id, content) in TableComparison.RowsAsync(shop, expectedSql, cancellationToken))
        {
            rows++;
            lost += actual.Remove(id, out var found) && found == content ? 0 : 1;
        }

        return new Verdict(sink, rows, lost, Doubled: actual.Count);
    }
}
