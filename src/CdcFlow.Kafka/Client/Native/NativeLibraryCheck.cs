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
                $"The native Kafka client librdkafka does not load on {RuntimeInformation.RuntimeIdentifier}: {error.Message.TrimEnd('.', ' ', '\n')}.",
                $"Install what the loader misses. Where it finds no file, run `dotnet publish -r {RuntimeInformation.RuntimeIdentifier}`: the package librdkafka.redist, which "
                + "comes with CdcFlow.Kafka, then puts its library beside the program. For a platform that the package lacks, install librdkafka and its development files.",
                inner: error);
        }
    }
}
