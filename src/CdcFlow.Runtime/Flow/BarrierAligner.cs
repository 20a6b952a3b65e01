using CdcFlow.Checkpoints;

namespace CdcFlow.Runtime.Flow;

/// <summary>What a node with several inputs does with what arrives, so that the checkpoint's cut is the same on all of them.</summary>
internal enum AlignerState
{
    /// <summary>Everything is processed as it comes.</summary>
    WaitingForFirstBarrier,

    /// <summary>Inputs whose barrier came are held until it has come on all.</summary>
    CollectingBarriers,
}

/// <summary>Decides, for one node, which inputs are held and when a barrier is complete. Pure: holds no element.</summary>
/// <remarks>
/// Barriers of one input come in order and none is ever dropped, even those of checkpoints given up meanwhile; so every
/// input delivers the same sequence of barriers, and alignment needs no case for a barrier that was overtaken.
/// </remarks>
/// <param name="inputs">How many inputs the node has; at least 1.</param>
internal sealed class BarrierAligner(int inputs)
{
    private readonly bool[] delivered = new bool[inputs];
    private CheckpointRef collecting;
    private int missing = inputs;

    /// <summary>Where the aligner stands.</summary>
    public AlignerState State => missing == delivered.Length ? AlignerState.WaitingForFirstBarrier : AlignerState.CollectingBarriers;

    /// <summary>Whether elements of this input must wait.</summary>
    public bool Holds(int input) => delivered[input];

    /// <summary>An input that is not held delivered its barrier.</summary>
    /// <returns>Whether it was the last one: the node's cut is complete, and no input is held any more.</returns>
    /// <exception cref="InvalidOperationException">The barriers do not come in the same sequence: a broken invariant.</exception>
    public bool Deliver(int input, CheckpointRef checkpoint)
    {
        if (delivered[input] || (State == AlignerState.CollectingBarriers && checkpoint != collecting))
        {
            throw new InvalidOperationException($"Input {input} delivered barrier {checkpoint} while {collecting} is being collected.");
        }

        collecting = checkpoint;
        delivered[input] = true;
        if (--missing > 0)
        {
            return false;
        }

        Array.Clear(delivered);
        missing = delivered.Length;
        return true;
    }
}
