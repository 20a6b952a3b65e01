using System.Buffers;

namespace CdcFlow.Runtime.State;

/// <summary>What a node keeps from batch to batch, over restarts too.</summary>
/// <remarks>Called by the node's own loop, at a barrier or before the first batch: never while the node works on a batch. A part that is written means the same to every later version of the program, which
/// reads it or refuses it. A part has at most <see cref="Checkpointing.Protocol.SideFile.BytesMax"/> bytes.</remarks>
internal interface INodeState
{
    /// <summary>Writes all that is kept; nothing where nothing is. From here on changes count anew.</summary>
    void WriteWhole(IBufferWriter<byte> part);

    /// <summary>Writes what has changed since the last part of either kind; nothing where nothing has. From here on changes count anew.</summary>
    void WriteChanges(IBufferWriter<byte> part);

    /// <summary>Takes up one part: the whole first, then the changes in their order.</summary>
    /// <exception cref="FormatException">It is not what this state writes.</exception>
    void Restore(ReadOnlySpan<byte> part);
}
