using CdcFlow.Checkpointing;
using CdcFlow.Configuration;

namespace CdcFlow.Hosting.Configuration;

/// <summary>Who else may write the store's folder: whoever may, can move a pipeline to another place in its source's log.</summary>
internal static class StoreFolder
{
    private const UnixFileMode Anybody = UnixFileMode.OtherWrite;
    private const UnixFileMode Group = UnixFileMode.GroupWrite;

    /// <summary>Looks at the folder's mode, where the platform has one and the folder exists: the store makes it with 0700 itself.</summary>
    public static PreflightCheck Check(string directory)
    {
        const string name = "folder";
        var mode = OperatingSystem.IsWindows() || !Directory.Exists(directory) ? UnixFileMode.None : File.GetUnixFileMode(directory);
        return mode.HasFlag(Anybody) ? new PreflightCheck(
                name, PreflightStatus.Failed, $"Every user of this machine may write the checkpoint store '{directory}'.", CheckpointErrorCodes.StoreExposed, $"chmod o-w '{directory}'")
            : mode.HasFlag(Group) ? new PreflightCheck(
                name, PreflightStatus.Warning, $"A whole group may write the checkpoint store '{directory}'.", CheckpointErrorCodes.StoreShared, $"chmod 0700 '{directory}', unless the group is meant to.")
            : new PreflightCheck(name, PreflightStatus.Passed, "Only its owner may write it.");
    }

    /// <summary>The same before a run.</summary>
    /// <returns>A warning, if there is one.</returns>
    /// <exception cref="CdcFlowException"><see cref="CheckpointErrorCodes.StoreExposed"/>.</exception>
    public static PreflightCheck? Require(string directory)
    {
        var check = Check(directory);
        return check.Status switch
        {
            PreflightStatus.Failed => throw new CdcFlowException(check.Code!, check.Sentence, $"Run: {check.Mend}"),
            PreflightStatus.Warning => check,
            _ => null,
        };
    }
}
