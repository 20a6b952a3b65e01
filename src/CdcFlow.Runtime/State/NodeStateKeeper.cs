using System.Buffers;
using System.Text.Json;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;

namespace CdcFlow.Runtime.State;

/// <summary>Takes one node's state through checkpoints: cut at the barrier, written as side files, restored under the node's id.</summary>
/// <remarks>
/// A cut is the whole state or what has changed since the last cut. It stays here until a checkpoint is written, whichever that is: the cut of one that is given up belongs to the next. The node cuts from its own
/// loop; the coordinator takes the parts once every sink has prepared, hence after every cut, and before the next barrier.
/// </remarks>
/// <param name="nodeId">The node's id, which survives its renaming.</param>
/// <param name="state">What the node keeps.</param>
internal sealed class NodeStateKeeper(string nodeId, INodeState state)
{
    /// <summary>A restart reads every part, and each is a file.</summary>
    private const int PartsMax = 16;

    private readonly Lock gate = new();
    private readonly List<Part> parts = [];
    private long wholeBytes;
    private long changedBytes;

    /// <summary>The node's id.</summary>
    public string NodeId => nodeId;

    /// <summary>The barrier has come: what is kept now belongs to its checkpoint.</summary>
    public void Cut()
    {
        lock (gate)
        {
            var isWhole = parts.Count is 0 or >= PartsMax || changedBytes > wholeBytes;
            var buffer = new ArrayBufferWriter<byte>();
            if (isWhole)
            {
                state.WriteWhole(buffer);
                parts.Clear();
                (wholeBytes, changedBytes) = (buffer.WrittenCount, 0);
            }
            else
            {
                state.WriteChanges(buffer);
                changedBytes += buffer.WrittenCount;
            }

            if (buffer.WrittenCount > 0)
            {
                parts.Add(new Part(buffer.WrittenMemory, null));
            }
        }
    }

    /// <summary>The node's entry in the manifest of a checkpoint, and the side files that it names.</summary>
    /// <param name="writer">The epoch that writes the checkpoint.</param>
    /// <param name="add">Is given the files that are not in the store yet.</param>
    /// <exception cref="CdcFlowException"><see cref="Checkpointing.CheckpointErrorCodes.TooLarge"/>: the node keeps more than a side file holds.</exception>
    public (JsonElement Entry, IReadOnlyList<SideFileRef> Names) Take(Epoch writer, Action<SideFile> add)
    {
        lock (gate)
        {
            for (var index = 0; index < parts.Count; index++)
            {
                if (parts[index].Bytes is { } bytes)
                {
                    var file = SideFile.Of(writer, bytes);
                    parts[index] = new Part(null, file.Name);
                    add(file);
                }
            }

            SideFileRef[] names = [.. parts.Select(part => part.File!.Value)];
            return (NodeStateJson.Write(names), names);
        }
    }

    /// <summary>Takes up what a checkpoint holds, before the node runs.</summary>
    /// <param name="entry">The node's entry in the manifest.</param>
    /// <param name="read">Reads a side file.</param>
    /// <exception cref="FormatException">It is not what this node writes.</exception>
    public async ValueTask RestoreAsync(JsonElement entry, Func<SideFileRef, ValueTask<ReadOnlyMemory<byte>>> read)
    {
        foreach (var file in NodeStateJson.Read(entry))
        {
            var bytes = await read(file);
            state.Restore(bytes.Span);
            wholeBytes += parts.Count == 0 ? bytes.Length : 0;
            changedBytes += parts.Count == 0 ? 0 : bytes.Length;
            parts.Add(new Part(null, file));
        }
    }

    /// <summary>Bytes that wait to be written, or the file that they are in.</summary>
    private readonly record struct Part(ReadOnlyMemory<byte>? Bytes, SideFileRef? File);
}
