using CdcFlow.Checkpointing.Protocol;

namespace CdcFlow.Checkpointing.Stores;

/// <summary>The errors of side files, worded the same by every store.</summary>
public static class SideFileErrors
{
    /// <summary>Makes sure that a manifest can be restored once it is written.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="isStored">Whether the store holds a side file.</param>
    /// <exception cref="CdcFlowException"><see cref="CheckpointErrorCodes.SideFileLost"/>: one is missing.</exception>
    public static void RequireAll(CheckpointManifest manifest, Func<SideFileRef, bool> isStored)
    {
        foreach (var file in manifest.SideFiles)
        {
            if (!isStored(file))
            {
                throw new CdcFlowException(
                    CheckpointErrorCodes.SideFileLost,
                    $"Checkpoint {manifest.Checkpoint} of pipeline '{manifest.Pipeline}' was not written: side file {file}, which an earlier checkpoint left in the store, was deleted there.",
                    "Bring the side file back from a backup of the store, or start the pipeline again: it says what is left to go on from.",
                    ErrorDomain.External);
            }
        }
    }
}
