using CdcFlow.Checkpointing;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Runtime.Checkpoints;

namespace CdcFlow.Runtime.State;

/// <summary>Gives the nodes of an attempt what the restored checkpoint holds for them.</summary>
internal static class NodeStates
{
    /// <summary>Restores, before any node runs. A node of which the checkpoint holds nothing begins with nothing, and that is said.</summary>
    /// <exception cref="CdcFlowException"><see cref="CheckpointErrorCodes.NodeStateUnreadable"/>, or <see cref="CheckpointErrorCodes.SideFileLost"/>.</exception>
    public static async Task RestoreAsync(
        IEnumerable<NodeStateKeeper> nodes, CheckpointLine line, ICheckpointStore store, IPipelineObserver observer, CancellationToken cancellationToken)
    {
        if (line.Restored is not { } manifest)
        {
            return;
        }

        foreach (var node in nodes)
        {
            if (!manifest.Nodes.TryGetValue(node.NodeId, out var entry))
            {
                observer.Noted($"Node '{node.NodeId}' keeps state, and checkpoint {manifest.Checkpoint} holds none of it: it begins with nothing.");
                continue;
            }

            try
            {
                await node.RestoreAsync(entry, file => SideFileReading.ReadAsync(store, manifest.Checkpoint, file, cancellationToken));
            }
            catch (FormatException error)
            {
                throw Unreadable(node.NodeId, manifest.Checkpoint, error);
            }
        }
    }

    private static CdcFlowException Unreadable(string nodeId, CheckpointRef checkpoint, FormatException error) => new(
        CheckpointErrorCodes.NodeStateUnreadable,
        $"Node '{nodeId}' cannot read the state that checkpoint {checkpoint} holds for it: {error.Message.TrimEnd('.')}.",
        "Run the version of the program that wrote it, or a later one that reads it; or have the pipeline begin afresh, with an empty state: `run --restore-from none` (rows may then appear twice, and rows that were deleted meanwhile stay in the sinks).",
        inner: error);
}
