using Npgsql;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>Changes a table of (id, name, version) at random: inserts, updates, deletes, key updates, small and larger transactions. Repeatable by seed.</summary>
/// <param name="database">Where.</param>
/// <param name="seed">Which schedule.</param>
/// <param name="keys">Keys are 1 to this; inserted ones lie in the same range.</param>
/// <param name="first">The first version it writes; versions only grow.</param>
internal sealed class Writer(TestDatabase database, int seed, int keys, long first = 1_000_000)
{
    private readonly Random random = new(seed);
    private long version = first;

    /// <summary>Runs that many transactions, one after the other.</summary>
    internal async Task RunAsync(int transactions, string before = "")
    {
        await using var connection = await database.OpenAsync();
        await ExecuteAsync(connection, before);
        for (var i = 0; i < transactions; i++)
        {
            try
            {
                await ExecuteAsync(connection, string.Join("; ", Enumerable.Range(0, random.Next(1, 4)).Select(_ => Statement())));
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation)
            {
                // Another writer was in the way, and the transaction was rolled back.
            }
        }
    }

    /// <summary>Runs transactions until the task ends.</summary>
    internal async Task RunUntilAsync(Task done)
    {
        while (!done.IsCompleted)
        {
            await RunAsync(20);
        }
    }

    private string Statement()
    {
        var key = random.Next(1, keys + 1);
        var other = random.Next(1, keys + 1);
        return random.Next(10) switch
        {
            < 4 => $"UPDATE item SET version = {++version}, name = 'n{version}' WHERE id = {key}",
            < 6 => $"INSERT INTO item VALUES ({key}, 'i', {++version}) ON CONFLICT DO NOTHING",
            < 8 => $"DELETE FROM item WHERE id = {key}",
            < 9 => $"UPDATE item SET id = {other}, version = {++version} WHERE id = {key} AND NOT EXISTS (SELECT FROM item WHERE id = {other})",
            _ => $"UPDATE item SET version = {version += 2} WHERE id BETWEEN {key} AND {key + 50}",
        };
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        if (sql.Length > 0)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }
}
