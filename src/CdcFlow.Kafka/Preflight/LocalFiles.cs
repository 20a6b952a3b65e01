using CdcFlow.Configuration;
using CdcFlow.Kafka.Sink.Records;

namespace CdcFlow.Kafka.Preflight;

/// <summary>Files and folders of this machine that a connection needs.</summary>
internal static class LocalFiles
{
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;

    /// <summary>Warns of private keys that others may read, or replace by their own.</summary>
    public static IEnumerable<PreflightCheck> Keys(IEnumerable<string> files)
    {
        foreach (var file in files.Distinct(StringComparer.Ordinal))
        {
            if (!OperatingSystem.IsWindows() && File.Exists(file) && (File.GetUnixFileMode(file) & Others) != 0)
            {
                yield return new PreflightCheck(
                    "private key", PreflightStatus.Warning, $"Others on this machine may read or replace the private key {file}.", KafkaClientErrorCodes.KeyFileOpen, $"chmod 600 {file}");
            }
        }
    }

    /// <summary>Whether values that are too large could be left where they shall.</summary>
    public static PreflightCheck Claims(ClaimStore store)
    {
        const string name = "claim check";
        try
        {
            store.Probe();
            return new PreflightCheck(name, PreflightStatus.Passed, $"Values that are too large are left in {store.Folder}.");
        }
        catch (CdcFlowException error)
        {
            return new PreflightCheck(name, PreflightStatus.Failed, error.Happened, error.Code, error.Fix);
        }
    }
}
