using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CdcFlow.Kafka.Client.Native;

/// <summary>
/// Counts the requests of a producer session that change a transaction: sent, and answered. One that was sent and never answered may be
/// on its way still, and could end a later transaction of the same epoch (KIP-890 calls them late requests; librdkafka speaks the protocol
/// without that KIP's own protection).
/// </summary>
/// <remarks>librdkafka calls the interceptors on its own threads, once per request, not per record.</remarks>
internal sealed unsafe class RequestLedger : IDisposable
{
    private const short Produce = 0;
    private const short AddPartitionsToTransaction = 24;
    private const short EndTransaction = 26;

    // librdkafka tells of an answer on the thread that received it, and again on the one that handles it. Who sends also receives.
    [ThreadStatic]
    private static bool isSender;

    private readonly Counts* counts = (Counts*)NativeMemory.AllocZeroed((nuint)sizeof(Counts));

    /// <summary>How often a commit or an abort was sent, repetitions included.</summary>
    internal long EndsSent => Volatile.Read(ref counts->EndsSent);

    /// <summary>Requests sent and not answered.</summary>
    internal long Unanswered => Volatile.Read(ref counts->Unanswered);

    internal void Attach(Conf* conf) => _ = Librdkafka.ConfInterceptNew(conf, Librdkafka.Literal("cdcflow\0"u8), &OnNew, counts);

    /// <summary>Only once the client is destroyed: its threads write here.</summary>
    public void Dispose() => NativeMemory.Free(counts);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static ErrorCode OnNew(ClientHandle* client, Conf* conf, void* opaque, byte* error, nuint errorSize)
    {
        var name = Librdkafka.Literal("cdcflow\0"u8);
        var code = Librdkafka.InterceptRequest(client, name, &OnSent, opaque);
        return code == ErrorCode.None ? Librdkafka.InterceptResponse(client, name, &OnAnswered, opaque) : code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static ErrorCode OnSent(ClientHandle* client, int socket, byte* broker, int brokerId, short api, short version, int correlation, nuint size, void* opaque)
    {
        isSender = true;
        if (Changes(api))
        {
            Interlocked.Increment(ref ((Counts*)opaque)->Unanswered);
        }

        if (api == EndTransaction)
        {
            Interlocked.Increment(ref ((Counts*)opaque)->EndsSent);
        }

        return ErrorCode.None;
    }

    // Called with an error for what was given up, sent or not: only an answer of the broker clears a request.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static ErrorCode OnAnswered(
        ClientHandle* client, int socket, byte* broker, int brokerId, short api, short version, int correlation, nuint size, long roundTrip, ErrorCode error, void* opaque)
    {
        if (isSender && Changes(api) && error == ErrorCode.None)
        {
            Interlocked.Decrement(ref ((Counts*)opaque)->Unanswered);
        }

        return ErrorCode.None;
    }

    private static bool Changes(short api) => api is Produce or AddPartitionsToTransaction or EndTransaction;

    private struct Counts
    {
        public long Unanswered;
        public long EndsSent;
    }
}
