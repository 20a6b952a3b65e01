using System.Runtime.CompilerServices;
using CdcFlow.Kafka.Client.Native;
using CdcFlow.Kafka.Connection;

namespace CdcFlow.Kafka.Client;

/// <summary>A producer session over librdkafka.</summary>
internal sealed class KafkaProducer : IKafkaProducer
{
    private const int CopyBytes = 2; // RD_KAFKA_MSG_F_COPY
    private const int ArgumentsBesideHeaders = 6;
    private const int HeadersOnTheStack = 16;
    private const int WaitMs = 5;

    private readonly NativeClient client;
    private readonly DeliveryTally tally;
    private readonly TransactionSession session;
    private nint[] topics = []; // Topic*, by KafkaTopic.Index
    private long outstandingWhenFull;
    private bool isDisposed;

    private KafkaProducer(NativeClient client, DeliveryTally tally, TransactionSession session)
    {
        this.client = client;
        this.tally = tally;
        this.session = session;
    }

    internal static async ValueTask<KafkaProducer> OpenAsync(
        KafkaConnectionSettings connection, AccessTokens? tokens, ProducerOptions options, CancellationToken cancellationToken)
    {
        var tally = new DeliveryTally();
        var ends = new EndRequests();
        var role = new ClientRole(ClientType.Producer, options.Settings(connection.Timeout), ends, tally);
        var client = await NativeClient.StartAsync(connection, role, tokens, cancellationToken).ConfigureAwait(false);
        var session = new TransactionSession(client, ends, options.TransactionTimeout, connection.Timeout);
        var producer = new KafkaProducer(client, tally, session);
        try
        {
            if (options.TransactionalId is not null)
            {
                await client.RunAsync(() => session.Initialize(cancellationToken)).ConfigureAwait(false);
            }

            return producer;
        }
        catch
        {
            await producer.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask BeginAsync(CancellationToken cancellationToken) => await client.RunAsync(session.Begin).ConfigureAwait(false);

    [SkipLocalsInit]
    public unsafe ProduceResult TryProduce(in KafkaRecord record)
    {
        if (tally.FirstFailure is { } failure)
        {
            throw NotDelivered(failure);
        }

        var headers = record.Headers;
        var count = ArgumentsBesideHeaders + headers.Length;
        var arguments = headers.Length <= HeadersOnTheStack
            ? stackalloc ProduceArgument[ArgumentsBesideHeaders + HeadersOnTheStack]
            : new ProduceArgument[count];
        byte empty = 0; // an empty span has no address, and no address means null
        fixed (byte* key = record.Key, value = record.Value, headerBytes = record.HeaderBytes)
        {
            arguments[0] = new() { Kind = ArgumentKind.TopicHandle, Pointer = Handle(record.Topic) };
            arguments[1] = new() { Kind = ArgumentKind.Partition, Int32 = record.Partition };
            arguments[2] = new() { Kind = ArgumentKind.Flags, Int32 = CopyBytes };
            arguments[3] = new() { Kind = ArgumentKind.Timestamp, Number = record.TimestampMs };
            arguments[4] = new() { Kind = ArgumentKind.Key, Pointer = !record.HasKey ? null : key is null ? &empty : key, Size = (nuint)record.Key.Length };
            arguments[5] = new() { Kind = ArgumentKind.Value, Pointer = record.IsTombstone ? null : value is null ? &empty : value, Size = (nuint)record.Value.Length };
            for (var i = 0; i < headers.Length; i++)
            {
                ref readonly var header = ref headers[i];
                arguments[ArgumentsBesideHeaders + i] = new()
                {
                    Kind = ArgumentKind.Header,
                    Pointer = header.Name.Pointer,
                    HeaderValue = header.Length < 0 ? null : header.Length == 0 ? &empty : headerBytes + header.Start,
                    HeaderSize = header.Length,
                };
            }

            fixed (ProduceArgument* first = arguments)
            {
                return Result(Librdkafka.Produce(client.Pointer, first, (nuint)count));
            }
        }
    }

    public async ValueTask RoomAsync(CancellationToken cancellationToken) =>
        await client.RunAsync(() => WaitUntilOutstanding(outstandingWhenFull * 3 / 4, cancellationToken)).ConfigureAwait(false);

    public async ValueTask FlushAsync(CancellationToken cancellationToken) =>
        await client.RunAsync(() => WaitUntilOutstanding(0, cancellationToken)).ConfigureAwait(false);

    public async ValueTask CommitAsync(CancellationToken cancellationToken) =>
        await client.RunAsync(() => session.Commit(cancellationToken)).ConfigureAwait(false);

    public async ValueTask AbortAsync(CancellationToken cancellationToken)
    {
        await client.RunAsync(() => session.Abort(cancellationToken)).ConfigureAwait(false);
        tally.Forget();
    }

    public async ValueTask DisposeAsync()
    {
        if (!isDisposed)
        {
            isDisposed = true;
            await client.RunAsync(ReleaseTopics).ConfigureAwait(false);
            await client.DisposeAsync().ConfigureAwait(false);
        }
    }

    private unsafe ProduceResult Result(Error* error)
    {
        if (error is null)
        {
            tally.Add();
            return ProduceResult.Accepted;
        }

        switch (Librdkafka.CodeOf(error))
        {
            case ErrorCode.QueueFull:
                Librdkafka.ErrorDestroy(error);
                outstandingWhenFull = tally.Outstanding;
                return ProduceResult.QueueFull;
            case ErrorCode.MessageTooLarge:
                Librdkafka.ErrorDestroy(error);
                return ProduceResult.TooLarge;
            default:
                throw session.Coded(NativeError.Take(error)!.Value, "writing");
        }
    }

    private unsafe bool WaitUntilOutstanding(long atMost, CancellationToken cancellationToken)
    {
        for (long before = -1, now = tally.Reported; ; (before, now) = (now, tally.Reported))
        {
            if (tally.FirstFailure is { } failure)
            {
                throw NotDelivered(failure);
            }

            if (tally.Outstanding <= atMost)
            {
                return true;
            }

            client.ThrowIfEnded(cancellationToken);
            if (now == before)
            {
                // Full batches go by themselves; this is for what lingers. While it flushes, librdkafka spins on what may not be sent yet.
                _ = Librdkafka.Flush(client.Pointer, 1);
            }

            client.Pump(WaitMs);
        }
    }

    private KafkaException NotDelivered(UndeliveredRecord record) => record.Error.Code is ErrorCode.MessageTimedOut
        ? client.Errors.NotAcknowledged(client.Explained(record.Error), record.Topic, record.Partition)
        : session.Coded(record.Error, $"writing to {record.Topic} [{record.Partition}]");

    private unsafe Topic* Handle(KafkaTopic topic)
    {
        if (topic.Index >= topics.Length)
        {
            Array.Resize(ref topics, topic.Index + 8);
        }

        ref var handle = ref topics[topic.Index];
        if (handle == 0)
        {
            handle = (nint)Librdkafka.TopicNew(client.Pointer, topic.Name, null);
        }

        return (Topic*)handle;
    }

    private unsafe bool ReleaseTopics()
    {
        foreach (var handle in topics)
        {
            if (handle != 0)
            {
                Librdkafka.TopicDestroy((Topic*)handle);
            }
        }

        return true;
    }
}
