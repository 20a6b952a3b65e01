namespace CdcFlow.Operators;

/// <summary>Makes the error of a user's method that threw: it names the node, the key and the place in the source, never another value of the row.</summary>
/// <remarks>The user's exception is the inner one; its message is not repeated, because it may quote the row.</remarks>
public static class TransformFailure
{
    /// <summary>Node and change are known.</summary>
    /// <param name="nodeId">The node whose method threw.</param>
    /// <param name="change">The change that it was called with.</param>
    /// <param name="cause">What it threw.</param>
    /// <param name="key">The row's key as text; null where it is not known.</param>
    /// <param name="pipeline">The pipeline's name, for the setting to name; null where it is not known.</param>
    public static CdcFlowException At(string nodeId, ChangeMetadata change, Exception cause, string? key = null, string? pipeline = null) =>
        Make($"Node '{nodeId}' threw {cause.GetType().Name} on the change of {(key is null ? "" : $"key {key} of ")}{change.Table} at {change.Offset}.", WayOut(nodeId, pipeline ?? "{pipeline}"), cause);

    /// <summary>Only the batch is known, because the operator was written by hand.</summary>
    /// <param name="stage">The chain of nodes that ran over it.</param>
    /// <param name="first">The batch's first change.</param>
    /// <param name="last">The batch's last change.</param>
    /// <param name="cause">What was thrown.</param>
    public static CdcFlowException Within(string stage, SourceOffset first, SourceOffset last, Exception cause) =>
        Make($"Stage '{stage}' threw {cause.GetType().Name} on a change from {first} to {last}.", "Fix the transform; the pipeline goes on from its last checkpoint.", cause);

    private static string WayOut(string nodeId, string pipeline) =>
        $"Fix the transform; the pipeline goes on from its last checkpoint. Or have such changes set aside: OnError = OnError.DeadLetter on '{nodeId}', or CdcFlow:{pipeline}:Nodes:{nodeId}:OnError=DeadLetter.";

    private static CdcFlowException Make(string happened, string fix, Exception cause) =>
        new(ErrorCodes.TransformFailed, happened, fix, isTransient: Transience.IsOutage(cause), inner: cause);
}
