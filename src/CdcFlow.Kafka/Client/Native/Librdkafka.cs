using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Loader = System.Runtime.InteropServices.NativeLibrary;

namespace CdcFlow.Kafka.Client.Native;

/// <summary>The functions of librdkafka that are called directly, since the package's Produce allocates about half a kilobyte for each record:
/// in the file that the package has loaded, on the handle of a client that it has made.</summary>
/// <remarks>See https://github.com/confluentinc/librdkafka/blob/v2.16.0/src/rdkafka.h. The handle is an internal member of the package: where it has
/// moved, or where the file cannot be told, <see cref="Find"/> gives null and records go through the package's own Produce.</remarks>
internal sealed unsafe class Librdkafka
{
    private static readonly Lazy<Librdkafka?> found = new(Look);

    private readonly delegate* unmanaged[Cdecl]<nint, ProduceArgument*, nuint, nint> produce;
    private readonly delegate* unmanaged[Cdecl]<nint, ErrorCode> codeOf;
    private readonly delegate* unmanaged[Cdecl]<nint, void> destroyError;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, void*, nint> newTopic;
    private readonly delegate* unmanaged[Cdecl]<nint, void> destroyTopic;

    private Librdkafka(nint library)
    {
        produce = (delegate* unmanaged[Cdecl]<nint, ProduceArgument*, nuint, nint>)Loader.GetExport(library, "rd_kafka_produceva");
        codeOf = (delegate* unmanaged[Cdecl]<nint, ErrorCode>)Loader.GetExport(library, "rd_kafka_error_code");
        destroyError = (delegate* unmanaged[Cdecl]<nint, void>)Loader.GetExport(library, "rd_kafka_error_destroy");
        newTopic = (delegate* unmanaged[Cdecl]<nint, byte*, void*, nint>)Loader.GetExport(library, "rd_kafka_topic_new");
        destroyTopic = (delegate* unmanaged[Cdecl]<nint, void>)Loader.GetExport(library, "rd_kafka_topic_destroy");
    }

    /// <summary>They; null where they cannot be called. Looked for once.</summary>
    internal static Librdkafka? Find() => found.Value;

    /// <summary>The native handle of a client, which must be released before the client is disposed.</summary>
    internal static SafeHandle Acquire(IClient client)
    {
        var handle = (SafeHandle)HandleOf(client.Handle);
        var isAcquired = false;
        handle.DangerousAddRef(ref isAcquired);
        return handle;
    }

    /// <summary>Hands a record over, copied.</summary>
    internal ErrorCode Produce(nint client, ProduceArgument* arguments, int count)
    {
        var error = produce(client, arguments, (nuint)count);
        if (error == 0)
        {
            return ErrorCode.NoError;
        }

        var code = codeOf(error);
        destroyError(error);
        return code;
    }

    internal nint NewTopic(nint client, string name)
    {
        var text = Marshal.StringToCoTaskMemUTF8(name);
        try
        {
            return newTopic(client, (byte*)text, null);
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }

    internal void DestroyTopic(nint topic) => destroyTopic(topic);

    private static Librdkafka? Look()
    {
        try
        {
            var handle = HandleOf(new Handle()); // null here; what matters is that the member is there
            return handle is null or SafeHandle && NativeLibrary.Loaded() is not 0 and var library ? new Librdkafka(library) : null;
        }
        catch (Exception moved) when (moved is MissingMemberException or TypeLoadException or EntryPointNotFoundException or BadImageFormatException)
        {
            return null;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_LibrdkafkaHandle")]
    [return: UnsafeAccessorType("Confluent.Kafka.Impl.SafeKafkaHandle, Confluent.Kafka")]
    private static extern object HandleOf(Handle handle);
}
