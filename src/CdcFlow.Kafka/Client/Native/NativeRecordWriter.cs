using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace CdcFlow.Kafka.Client.Native;

/// <summary>Through the producer's native handle: no object for a record, and no report on it.</summary>
internal sealed class NativeRecordWriter : IRecordWriter
{
    private const int CopyBytes = 2; // RD_KAFKA_MSG_F_COPY
    private const int ArgumentsBesideHeaders = 6;
    private const int HeadersOnTheStack = 16;

    private static readonly ClientError queueFull = ClientError.Of(ErrorCode.Local_QueueFull);

    private readonly Librdkafka library;
    private readonly SafeHandle handle;
    private nint[] topics = []; // rd_kafka_topic_t*, by KafkaTopic.Index

    /// <summary>To be disposed before the producer.</summary>
    internal NativeRecordWriter(Librdkafka library, IClient producer)
    {
        this.library = library;
        handle = Librdkafka.Acquire(producer);
    }

    [SkipLocalsInit]
    public unsafe ClientError? TryWrite(in KafkaRecord record)
    {
        var headers = record.Headers;
        var count = ArgumentsBesideHeaders + headers.Length;
        var arguments = headers.Length <= HeadersOnTheStack
            ? stackalloc ProduceArgument[ArgumentsBesideHeaders + HeadersOnTheStack]
            : new ProduceArgument[count];
        byte empty = 0; // an empty span has no address, and no address means null
        fixed (byte* key = record.Key, value = record.Value, headerBytes = record.HeaderBytes)
        {
            arguments[0] = new() { Kind = ArgumentKind.TopicHandle, Pointer = (void*)Topic(record.Topic) };
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
                return library.Produce(handle.DangerousGetHandle(), first, count) switch
                {
                    ErrorCode.NoError => null,
                    ErrorCode.Local_QueueFull => queueFull,
                    var code => ClientError.Of(code),
                };
            }
        }
    }

    public void Dispose()
    {
        foreach (var topic in topics)
        {
            if (topic != 0)
            {
                library.DestroyTopic(topic);
            }
        }

        handle.DangerousRelease();
    }

    private nint Topic(KafkaTopic topic)
    {
        if (topic.Index >= topics.Length)
        {
            Array.Resize(ref topics, topic.Index + 8);
        }

        ref var known = ref topics[topic.Index];
        if (known == 0)
        {
            known = library.NewTopic(handle.DangerousGetHandle(), topic.Name);
        }

        return known;
    }
}
