using System.Runtime.InteropServices;

namespace CdcFlow.Kafka.Client.Native;

/// <summary>Turns the loader's refusal of librdkafka into a sentence that says what to install.</summary>
internal static class NativeLibraryCheck
{
    /// <summary>Calls into the library, which loads it.</summary>
    /// <param name="version">Any of its functions.</param>
    /// <exception cref="CdcFlowException">CDCF5217: it is missing, for another processor, lacks a library that it needs itself, or is too old.</exception>
    internal static void Require(Func<int> version)
    {
        try
        {
            version();
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new CdcFlowException(
                KafkaClientErrorCodes.LibraryMissing,
                $"The native Kafka client librdkafka does not load on {RuntimeInformation.RuntimeIdentifier}: {error.GetType().Name}.",
                "Reference the package librdkafka.redist in the program and publish for this platform; where the package does not restore, ./build.sh compiles it once. "
                + "The library needs OpenSSL 3 and zlib on the machine.",
                inner: error);
        }
    }
}
