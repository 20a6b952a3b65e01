using System.Globalization;
using CdcFlow.Kafka.Client.Native;
using CdcFlow.Kafka.Connection;

namespace CdcFlow.Kafka.Client;

/// <summary>Reads a range of one partition. It has a client of its own, since isolation is a setting of the whole client.</summary>
internal sealed class PartitionReader
{
    private const int MessagesAtOnce = 512;

    private readonly NativeClient client;
    private readonly PartitionRange range;
    private readonly FetchedRecordHandler handler;
    private long next;

    private PartitionReader(NativeClient client, PartitionRange range, FetchedRecordHandler handler)
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

        var role = new ClientRole(ClientType.Consumer, Settings(isolation));
        await using var client = await NativeClient.StartAsync(connection, role, tokens, cancellationToken).ConfigureAwait(false);
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

    private unsafe bool Read(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var topic = Librdkafka.TopicNew(client.Pointer, range.Topic, null);
        var queue = Librdkafka.QueueNew(client.Pointer);
        try
        {
            _ = Librdkafka.ConsumeStart(topic, range.Partition, Math.Max(0, range.From), queue);
            while (next < range.To)
            {
                var before = next;
                NativeError? Advance(int milliseconds) =>
                    Take(queue, milliseconds) is { } error ? error
                    : next > before ? null
                    : new NativeError(ErrorCode.TimedOut, $"nothing new after offset {next}; an open transaction may hold the partition back");

                if (client.Repeat(Advance, timeout, cancellationToken) is { } failed)
                {
                    throw client.Errors.Of(failed, $"reading {range.Topic} [{range.Partition}] at offset {next}");
                }
            }

            return true;
        }
        finally
        {
            _ = Librdkafka.ConsumeStop(topic, range.Partition);
            Librdkafka.QueueDestroy(queue);
            Librdkafka.TopicDestroy(topic);
        }
    }

    // A batch is waited for until it is full or the time is up, so the first record is waited for alone.
    private unsafe NativeError? Take(Queue* queue, int milliseconds)
    {
        var messages = stackalloc Message*[MessagesAtOnce];
        var first = Take(messages, Librdkafka.ConsumeBatch(queue, milliseconds, messages, 1));
        var others = Take(messages, Librdkafka.ConsumeBatch(queue, 0, messages, MessagesAtOnce));
        return first ?? others;
    }

    private unsafe NativeError? Take(Message** messages, nint count)
    {
        NativeError? error = null;
        for (nint i = 0; i < count; i++)
        {
            var failed = Take(messages[i]);
            error ??= failed;
            Librdkafka.MessageDestroy(messages[i]);
        }

        return error;
    }

    private unsafe NativeError? Take(Message* message)
    {
        switch (message->Error)
        {
            case ErrorCode.None:
                if (message->Offset >= range.From && message->Offset < range.To)
                {
                    handler(Record(message));
                }

                next = message->Offset + 1;
                return null;
            case ErrorCode.EndOfPartition:
                next = Math.Max(next, message->Offset);
                return null;
            default:
                return NativeError.Of(message->Error, message->Payload);
        }
    }

    private static unsafe FetchedRecord Record(Message* message)
    {
        int timestampType;
        return new FetchedRecord
        {
            Offset = message->Offset,
            TimestampMs = Librdkafka.MessageTimestamp(message, &timestampType),
            HasKey = message->Key is not null,
            Key = new ReadOnlySpan<byte>(message->Key, (int)message->KeyLength),
            IsTombstone = message->Payload is null,
            Value = new ReadOnlySpan<byte>(message->Payload, (int)message->Length),
            Headers = HeadersOf(message),
        };
    }

    private static unsafe List<KeyValuePair<string, byte[]?>> HeadersOf(Message* message)
    {
        Headers* headers;
        List<KeyValuePair<string, byte[]?>> list = [];
        if (Librdkafka.MessageHeaders(message, &headers) != ErrorCode.None)
        {
            return list;
        }

        byte* name, value;
        nuint size;
        for (nuint i = 0; Librdkafka.HeaderAt(headers, i, &name, &value, &size) == ErrorCode.None; i++)
        {
            list.Add(new(Librdkafka.Text(name), value is null ? null : new ReadOnlySpan<byte>(value, (int)size).ToArray()));
        }

        return list;
    }
}
