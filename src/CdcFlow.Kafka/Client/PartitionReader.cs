using System.Globalization;
using CdcFlow.Kafka.Connection;
using Confluent.Kafka;

namespace CdcFlow.Kafka.Client;

/// <summary>Reads a range of one partition. It has a client of its own, since isolation is a setting of the whole client.</summary>
internal sealed class PartitionReader
{
    private readonly KafkaClient<IConsumer<byte[]?, byte[]?>> client;
    private readonly PartitionRange range;
    private readonly FetchedRecordHandler handler;
    private long next;

    private PartitionReader(KafkaClient<IConsumer<byte[]?, byte[]?>> client, PartitionRange range, FetchedRecordHandler handler)
    {
        this.client = client;
        this.range = range;
        this.handler = handler;
        next = range.From;
    }

    internal static async ValueTask ReadAsync(
        KafkaConnectionSettings connection, AccessTokens? tokens, PartitionRange range, Isolation isolation, FetchedRecordHandler handler,
        CancellationToken cancellationToken)
    {
        if (range.From >= range.To)
        {
            return;
        }

        await using var client = await KafkaClient<IConsumer<byte[]?, byte[]?>>.StartAsync(
            connection, PackageClients.Consumer(Settings(isolation)), tokens, cancellationToken).ConfigureAwait(false);
        var reader = new PartitionReader(client, range, handler);
        await client.RunAsync(() => reader.Read(connection.Timeout, cancellationToken)).ConfigureAwait(false);
    }

    // The end of a partition is asked for as a position only: it says how far a reader of this isolation has come when the last
    // offsets hold nothing for it. It never decides that the range has ended.
    private static Dictionary<string, string> Settings(Isolation isolation) => new()
    {
        ["isolation.level"] = isolation == Isolation.ReadCommitted ? "read_committed" : "read_uncommitted",
        ["enable.partition.eof"] = "true",
        ["auto.offset.reset"] = "earliest", // the log may begin later than the range; asking where it begins costs half a second
        ["check.crcs"] = "true",
        ["fetch.wait.max.ms"] = 100.ToString(CultureInfo.InvariantCulture),
        ["fetch.error.backoff.ms"] = 100.ToString(CultureInfo.InvariantCulture),
    };

    private bool Read(TimeSpan timeout, CancellationToken cancellationToken)
    {
        client.Package.Assign(new TopicPartitionOffset(range.Topic, range.Partition, Math.Max(0, range.From)));
        while (next < range.To)
        {
            var before = next;
            ClientError? Advance(int milliseconds) =>
                Take(milliseconds) is { } error ? error
                : next > before ? null
                : new ClientError(ErrorCode.Local_TimedOut, $"nothing new after offset {next}; an open transaction may hold the partition back");

            if (client.Repeat(Advance, timeout, cancellationToken) is { } failed)
            {
                throw client.Coded(failed, $"reading {range.Topic} [{range.Partition}] at offset {next}");
            }
        }

        return true;
    }

    private ClientError? Take(int milliseconds)
    {
        try
        {
            if (client.Package.Consume(milliseconds) is { } result)
            {
                Take(result);
            }

            return null;
        }
        catch (ConsumeException failure) when (failure.Error.Code is ErrorCode.GroupAuthorizationFailed)
        {
            return null; // the package's consumer looks for its group, which is never joined
        }
        catch (Confluent.Kafka.KafkaException failure)
        {
            return ClientError.Of(failure);
        }
    }

    private void Take(ConsumeResult<byte[]?, byte[]?> result)
    {
        if (result.IsPartitionEOF)
        {
            next = Math.Max(next, result.Offset.Value);
            return;
        }

        if (result.Offset.Value >= range.From && result.Offset.Value < range.To)
        {
            handler(new FetchedRecord
            {
                Offset = result.Offset.Value,
                TimestampMs = result.Message.Timestamp.UnixTimestampMs,
                HasKey = result.Message.Key is not null,
                Key = result.Message.Key,
                IsTombstone = result.Message.Value is null,
                Value = result.Message.Value,
                Headers = [.. result.Message.Headers.Select(header => new KeyValuePair<string, byte[]?>(header.Key, header.GetValueBytes()))],
            });
        }

        next = result.Offset.Value + 1;
    }
}
