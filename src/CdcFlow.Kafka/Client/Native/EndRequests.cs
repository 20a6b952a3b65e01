using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CdcFlow.Kafka.Client.Native;

/// <summary>Counts a producer session's requests to end a transaction: whether one was sent decides whether a commit that failed may have happened.</summary>
/// <remarks>librdkafka calls the interceptor on its own threads, once per request, not per record.</remarks>
internal sealed unsafe class EndRequests : IDisposable
{
    private const short EndTransaction = 26;

    private readonly long* sent = (long*)NativeMemory.AllocZeroed(sizeof(long));

    /// <summary>How often a commit or an abort was sent, repetitions included.</summary>
    internal long Sent => Volatile.Read(ref *sent);

    internal void Attach(Conf* conf) => _ = Librdkafka.ConfInterceptNew(conf, Librdkafka.Literal("cdcflow\0"u8), &OnNew, sent);

    /// <summary>Only once the client is destroyed: its threads write here.</summary>
    public void Dispose() => NativeMemory.Free(sent);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static ErrorCode OnNew(ClientHandle* client, Conf* conf, void* opaque, byte* error, nuint errorSize) =>
        Librdkafka.InterceptRequest(client, Librdkafka.Literal("cdcflow\0"u8), &OnSent, opaque);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static ErrorCode OnSent(ClientHandle* client, int socket, byte* broker, int brokerId, short api, short version, int correlation, nuint size, void* opaque)
    {
        if (api == EndTransaction)
        {
            Interlocked.Increment(ref *(long*)opaque);
        }

        return ErrorCode.None;
    }
}
