using Npgsql;

namespace Shop;

/// <summary>
/// Customers who order, pay, cancel and change their minds: several writers at once, every kind of change that a log can carry.
/// A key belongs to one writer and is never used again after its end, and every update raises the row's <c>revision</c> by one;
/// so a reader of the changes can tell alone whether one is missing, doubled or out of order.
/// </summary>
/// <param name="shop">The database.</param>
/// <param name="seed">What the traffic is made from: same seed, same statements.</param>
/// <param name="pause">Between two transactions of one writer.</param>
public sealed class ShopLoad(NpgsqlDataSource shop, int seed, TimeSpan pause)
{
    private const int Writers = 4;
    private const int LargeTransactionRows = 5_000;

    private long rows;

    /// <summary>Rows changed so far, committed ones only.</summary>
    public long Rows => Interlocked.Read(ref rows);

    /// <summary>Writes until cancelled; ends between two transactions.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var command = shop.CreateCommand("SELECT coalesce(max(id), 0) FROM orders");
        var last = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(writer, last, cancellationToken)));
    }

    private async Task WriteAsync(int writer, long last, CancellationToken cancellationToken)
    {
        var random = new Random(seed * Writers + writer);
        var next = last - last % Writers + Writers + writer;
        using var timer = new PeriodicTimer(pause);
        while (!cancellationToken.IsCancellationRequested)
        {
            // A transaction once begun is finished: its outcome must be known for the comparison at the end.
            await using var connection = await shop.OpenConnectionAsync(CancellationToken.None);
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            var changed = 0;
            foreach (var (sql, newKeys) in Statements(random, writer, next))
            {
                await using var command = new NpgsqlCommand(sql, connection, transaction);
                changed += await command.ExecuteNonQueryAsync(CancellationToken.None);
                next += newKeys * Writers;
            }

            if (random.Next(20) == 0)
            {
                await transaction.RollbackAsync(CancellationToken.None);
            }
            else
            {
                await transaction.CommitAsync(CancellationToken.None);
                Interlocked.Add(ref rows, changed);
            }

            try
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>One transaction's statements, each with how many new keys it uses up.</summary>
    private static IEnumerable<(string Sql, int NewKeys)> Statements(Random random, int writer, long next)
    {
        if (random.Next(1_000) == 0)
        {
            yield return ($"INSERT INTO orders SELECT {next} + {Writers} * n, 1 + n, n / 10.0, 'New', 'bulk', 1 FROM generate_series(0, {LargeTransactionRows - 1}) AS n",
                LargeTransactionRows);
            yield return ($"UPDATE orders SET total = total + 1, revision = revision + 1 WHERE id >= {next} AND id % {Writers} = {writer}", 0);
            yield break;
        }

        for (var statement = random.Next(1, 4); statement > 0; statement--)
        {
            var id = random.NextInt64(1, next / Writers) * Writers + writer;
            switch (random.Next(100))
            {
                case < 25:
                    yield return ($"INSERT INTO orders VALUES ({next}, {1 + id % 1000}, {random.Next(1, 100_000)} / 100.0, 'New', NULL, 1)", 1);
                    next += Writers;
                    break;
                case < 60:
                    yield return ($"UPDATE orders SET total = {random.Next(1, 100_000)} / 100.0, revision = revision + 1 WHERE id = {id}", 0);
                    break;
                case < 80:
                    yield return ($"UPDATE orders SET status = (ARRAY['New', 'Paid', 'Cancelled'])[{random.Next(1, 4)}], revision = revision + 1 WHERE id = {id}", 0);
                    break;
                case < 87:
                    yield return ($"UPDATE orders SET id = {next}, revision = revision + 1 WHERE id = {id}", 1);
                    next += Writers;
                    break;
                case < 93:
                    yield return ($"DELETE FROM orders WHERE id = {id}", 0);
                    break;
                default:
                    yield return ($"UPDATE customers SET tier = '{(random.Next(2) == 0 ? "Gold" : "Basic")}', revision = revision + 1 WHERE id = {1 + id % 1000}", 0);
                    break;
            }
        }
    }
}
