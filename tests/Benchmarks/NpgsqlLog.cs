using Npgsql.Replication;
using Npgsql.Replication.PgOutput;
using Npgsql.Replication.PgOutput.Messages;

namespace CdcFlow.Benchmarks;

/// <summary>The usual driver's log reader, every column as text: the rival.</summary>
internal static class NpgsqlLog
{
    internal static async Task ReadAsync(string connectionString, string slot, string publication, long expected)
    {
        var rows = 0L;
        await using var connection = new LogicalReplicationConnection(connectionString);
        await connection.Open();
        var options = new PgOutputReplicationOptions(publication, PgOutputProtocolVersion.V1);
        await foreach (var message in connection.StartReplication(new PgOutputReplicationSlot(slot), options, CancellationToken.None))
        {
            if (message is InsertMessage insert)
            {
                rows++;
                await foreach (var value in insert.NewRow)
                {
                    _ = value.IsDBNull ? null : await value.Get<string>();
                }
            }

            connection.SetReplicationStatus(message.WalEnd);
            if (message is CommitMessage && rows >= expected)
            {
                break;
            }
        }

        Console.WriteLine(rows);
        Environment.Exit(0); // the driver's disposal waits for seconds
    }
}
