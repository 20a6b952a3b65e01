using CdcFlow.Checkpointing;
using CdcFlow.Configuration;

namespace CdcFlow.Hosting.Configuration;

/// <summary>Who else may write the store's folder: whoever may, can move a pipeline to another place in its source's log.</summary>
internal static class StoreFolder
{
    private const string Name = "folder";

    /// <summary>Looks at the folder's mode and owner, where the platform has such and the folder exists: the store makes it with 0700 itself.</summary>
    public static PreflightCheck Check(string directory) => Judge(directory, FolderFacts.Of(directory));

    /// <summary>What is found of it. Refused is only what the process's user can put right.</summary>
    public static PreflightCheck Judge(string directory, FolderFacts? facts)
    {
        var below = $"set Checkpoint:Store to a folder below it ('{Path.Combine(directory, "store")}'), which the pipeline makes with mode 0700";
        const string moved = "; move the checkpoints that are there already";
        return facts is null ? Passed()
            : facts.Mode.HasFlag(UnixFileMode.OtherWrite) ? new PreflightCheck(
                Name, facts.IsOurs ? PreflightStatus.Failed : PreflightStatus.Warning, $"Every user of this machine may write the checkpoint store '{directory}'.", CheckpointErrorCodes.StoreExposed,
                facts.IsOurs ? $"chmod o-w '{directory}', or {below}{moved}."
                : facts.KeepsModes ? $"{Sentence(below)}{moved}."
                : "Its file system keeps no modes: let its mount's options (uid, dir_mode) keep others out, or set Checkpoint:Store to a folder of another file system.")
            : facts.IsForeign ? new PreflightCheck(
                Name, PreflightStatus.Warning, $"The checkpoint store '{directory}' belongs to another user (uid {facts.Owner}), who may write it.", CheckpointErrorCodes.StoreShared,
                $"{Sentence(below)}, or chown {facts.User} '{directory}', unless that user is meant to.")
            : facts.Mode.HasFlag(UnixFileMode.GroupWrite) ? new PreflightCheck(
                Name, PreflightStatus.Warning, $"A whole group may write the checkpoint store '{directory}'.", CheckpointErrorCodes.StoreShared,
                facts.IsOurs ? $"chmod 0700 '{directory}', unless the group is meant to." : $"{Sentence(below)}, unless the group is meant to.")
            : Passed();
    }

    private static PreflightCheck Passed() => new(Name, PreflightStatus.Passed, "Only its owner may write it.");

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
