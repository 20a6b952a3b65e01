using System.Runtime.InteropServices;

namespace CdcFlow.Kafka.Client.Native;

/// <content>Producing, transactions, reading.</content>
internal static unsafe partial class Librdkafka
{
    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_new", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial Topic* TopicNew(ClientHandle* client, string name, void* conf);

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_name")]
    internal static partial byte* TopicName(Topic* topic);

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_destroy")]
    internal static partial void TopicDestroy(Topic* topic);

    [LibraryImport(Library, EntryPoint = "rd_kafka_produceva")]
    internal static partial Error* Produce(ClientHandle* client, ProduceArgument* arguments, nuint count);

    /// <summary>While it waits, nothing lingers in the queue.</summary>
    [LibraryImport(Library, EntryPoint = "rd_kafka_flush")]
    internal static partial ErrorCode Flush(ClientHandle* client, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "rd_kafka_purge")]
    internal static partial ErrorCode Purge(ClientHandle* client, PurgeFlags flags);

    [LibraryImport(Library, EntryPoint = "rd_kafka_init_transactions")]
    internal static partial Error* InitTransactions(ClientHandle* client, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "rd_kafka_begin_transaction")]
    internal static partial Error* BeginTransaction(ClientHandle* client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_commit_transaction")]
    internal static partial Error* CommitTransaction(ClientHandle* client, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "rd_kafka_abort_transaction")]
    internal static partial Error* AbortTransaction(ClientHandle* client, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "rd_kafka_query_watermark_offsets", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial ErrorCode QueryWatermarks(ClientHandle* client, string topic, int partition, long* low, long* high, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "rd_kafka_consume_start_queue")]
    internal static partial int ConsumeStart(Topic* topic, int partition, long offset, Queue* queue);

    [LibraryImport(Library, EntryPoint = "rd_kafka_consume_stop")]
    internal static partial int ConsumeStop(Topic* topic, int partition);

    [LibraryImport(Library, EntryPoint = "rd_kafka_consume_batch_queue")]
    internal static partial nint ConsumeBatch(Queue* queue, int timeoutMs, Message** messages, nuint size);

    [LibraryImport(Library, EntryPoint = "rd_kafka_message_destroy")]
    internal static partial void MessageDestroy(Message* message);

    [LibraryImport(Library, EntryPoint = "rd_kafka_message_timestamp")]
    internal static partial long MessageTimestamp(Message* message, int* type);

    [LibraryImport(Library, EntryPoint = "rd_kafka_message_headers")]
    internal static partial ErrorCode MessageHeaders(Message* message, Headers** headers);

    [LibraryImport(Library, EntryPoint = "rd_kafka_header_get_all")]
    internal static partial ErrorCode HeaderAt(Headers* headers, nuint index, byte** name, byte** value, nuint* size);
}
