using System.Text.Json;
using Npgsql;

namespace Shop;

/// <summary>Compares changes, in the order in which a sink has them, with the shop.</summary>
public static class ChangeComparison
{
    /// <summary>Every change by itself: each order's revisions in their order, and all that the shop's log of truth has.</summary>
    public static async Task<Verdict> AuditAsync(string sink, NpgsqlDataSource shop, IEnumerable<ChangeLine> changes, CancellationToken cancellationToken)
    {
        var chain = new ChangeChain();
        foreach (var change in changes)
        {
            chain.Add(change);
        }

        await foreach (var history in RowHistory.ReadAsync(shop, cancellationToken))
        {
            chain.Compare(history);
        }

        chain.EndOfHistory();
        return new Verdict(sink, chain.Changes, chain.Lost, chain.Doubled, chain.OutOfOrder) { Examples = chain.Examples };
    }

    /// <summary>What is left when all changes are applied in their order: an upsert each, or a delete.</summary>
    public static async Task<Verdict> FoldAsync(
        string sink, NpgsqlDataSource shop, string expectedSql, IEnumerable<ChangeLine> changes, Func<JsonElement, string> content, CancellationToken cancellationToken)
    {
        var left = new Dictionary<long, string>();
        foreach (var change in changes)
        {
            if (change.Row is { } row)
            {
                left[change.Key] = content(row);
            }
            else
            {
                left.Remove(change.Key);
            }
        }

        long rows = 0, lost = 0;
        var examples = new Examples();
        await foreach (var (id, expected) in TableComparison.RowsAsync(shop, expectedSql, cancellationToken))
        {
            rows++;
            if (!left.Remove(id, out var found) || found != expected)
            {
                lost++;
                examples.Add($"{id} is {expected}, and in the sink {found ?? "nothing"}");
            }
        }

        foreach (var (id, found) in left)
        {
            examples.Add($"{id} is nothing, and in the sink {found}");
        }

        return new Verdict(sink, rows, lost, Doubled: left.Count) { Examples = examples };
    }
}
