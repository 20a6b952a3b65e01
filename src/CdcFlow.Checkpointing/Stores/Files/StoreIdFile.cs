using System.Text;
using CdcFlow.Checkpoints;

namespace CdcFlow.Checkpointing.Stores.Files;

/// <summary>The file that names the store: one line, for people and for whoever copies the folder.</summary>
internal static class StoreIdFile
{
    private const int BytesMax = 256;

    public static byte[] Write(StoreId id) => Encoding.ASCII.GetBytes($"{id}\n");

    /// <summary>The store's id; null where there is none yet.</summary>
    /// <exception cref="CdcFlowException"><see cref="CheckpointErrorCodes.StoreIdDamaged"/>: a guess would take the sinks of this store for another's, or another's for this one's.</exception>
    public static StoreId? Read(FileStoreContext context) =>
        context.Files.Read(context.Paths.Id, BytesMax) is not { } file ? null
        : file.Bytes is { } bytes && StoreId.Parse(Encoding.ASCII.GetString(bytes).TrimEnd()) is { } id ? id
        : throw new CdcFlowException(
            CheckpointErrorCodes.StoreIdDamaged,
            $"'{context.Paths.Id}' does not hold the id of the checkpoint store of pipeline '{context.Pipeline}'.",
            "Bring the file back from a backup. If there is none, delete it: the store gets a new id at the next start, and `takeover` makes it the sinks' owner.",
            ErrorDomain.External);
}
