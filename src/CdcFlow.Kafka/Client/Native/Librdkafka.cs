using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CdcFlow.Kafka.Client.Native;

/// <summary>The functions of librdkafka that are used, as its header declares them: clients, configuration, queues and events.</summary>
/// <remarks>See https://github.com/confluentinc/librdkafka/blob/v2.16.0/src/rdkafka.h.</remarks>
internal static unsafe partial class Librdkafka
{
    private const string Library = "librdkafka";

    [LibraryImport(Library, EntryPoint = "rd_kafka_version")]
    internal static partial int Version();

    [LibraryImport(Library, EntryPoint = "rd_kafka_err2str")]
    internal static partial byte* Describe(ErrorCode code);

    [LibraryImport(Library, EntryPoint = "rd_kafka_err2name")]
    internal static partial byte* Name(ErrorCode code);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    internal static partial Conf* ConfNew();

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_destroy")]
    internal static partial void ConfDestroy(Conf* conf);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ConfSet(Conf* conf, string name, string value, byte* error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set_events")]
    internal static partial void ConfSetEvents(Conf* conf, EventType events);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set_log_cb")]
    internal static partial void ConfSetLog(Conf* conf, void* callback);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_interceptor_add_on_new")]
    internal static partial ErrorCode ConfInterceptNew(
        Conf* conf, byte* name, delegate* unmanaged[Cdecl]<ClientHandle*, Conf*, void*, byte*, nuint, ErrorCode> callback, void* opaque);

    [LibraryImport(Library, EntryPoint = "rd_kafka_interceptor_add_on_request_sent")]
    internal static partial ErrorCode InterceptRequest(
        ClientHandle* client, byte* name, delegate* unmanaged[Cdecl]<ClientHandle*, int, byte*, int, short, short, int, nuint, void*, ErrorCode> callback, void* opaque);

    /// <summary>Takes <paramref name="conf"/> over, unless it fails.</summary>
    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    internal static partial ClientHandle* New(ClientType type, Conf* conf, byte* error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    internal static partial void Destroy(ClientHandle* client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_fatal_error")]
    internal static partial ErrorCode FatalError(ClientHandle* client, byte* error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_oauthbearer_set_token", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial ErrorCode SetToken(
        ClientHandle* client, string token, long expiresMs, string principal, byte** extensions, nuint extensionCount, byte* error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_oauthbearer_set_token_failure", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial ErrorCode SetTokenFailure(ClientHandle* client, string error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_get_main")]
    internal static partial Queue* MainQueue(ClientHandle* client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_new")]
    internal static partial Queue* QueueNew(ClientHandle* client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_destroy")]
    internal static partial void QueueDestroy(Queue* queue);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_poll")]
    internal static partial Event* QueuePoll(Queue* queue, int timeoutMs);

    /// <summary>Wakes a thread that polls the queue.</summary>
    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_yield")]
    internal static partial void QueueYield(Queue* queue);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_type")]
    internal static partial EventType TypeOf(Event* @event);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_destroy")]
    internal static partial void EventDestroy(Event* @event);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_error")]
    internal static partial ErrorCode EventError(Event* @event);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_error_string")]
    internal static partial byte* EventErrorText(Event* @event);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_message_array")]
    internal static partial nuint EventMessages(Event* @event, Message** messages, nuint size);

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_code")]
    internal static partial ErrorCode CodeOf(Error* error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_string")]
    internal static partial byte* TextOf(Error* error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_is_fatal")]
    internal static partial int IsFatal(Error* error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_is_retriable")]
    internal static partial int IsRetriable(Error* error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_txn_requires_abort")]
    internal static partial int RequiresAbort(Error* error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_destroy")]
    internal static partial void ErrorDestroy(Error* error);

    internal static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    /// <summary>A C string of a literal that ends in a zero: such literals lie in memory that never moves.</summary>
    internal static byte* Literal(ReadOnlySpan<byte> zeroTerminated) =>
        (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(zeroTerminated));
}
