namespace CdcFlow.Operators;

/// <summary>Makes the error of a user's method that threw: it names the node and the place in the source, never a row's values.</summary>
/// <remarks>The user's exception is the inner one; its message is not repeated, because it may quote the row.</remarks>
public static class TransformFailure
{
    /// <summary>Node and change are known.</summary>
    /// <param name="nodeId">The node whose method threw.</param>
    /// <param name="change">The change that it was called with.</param>
    /// <param name="cause">What it threw.</param>
    public static CdcFlowException At(string nodeId, ChangeMetadata change, Exception cause) =>
        Make($"Node '{nodeId}' threw {cause.GetType().Name} on the change of {change.Table} at {change.Offset}.", cause);

    /// <summary>Only the batch is known, because the operator was written by hand.</summary>
    /// <param name="stage">The chain of nodes that ran over it.</param>
    /// <param name="first">The batch's first change.</param>
    /// <param name="last">The batch's last change.</param>
    /// <param name="cause">What was thrown.</param>
    public static CdcFlowException Within(string stage, SourceOffset first, SourceOffset last, Exception cause) =>
        Make($"Stage '{stage}' threw {cause.GetType().Name} on a change from {first} to {last}.", cause);

    private static CdcFlowException Make(string happened, Exception cause) =>
        new(ErrorCodes.TransformFailed, happened, "Fix the transform; the pipeline goes on from its last checkpoint.",
            isTransient: Transience.MayHeal(cause), inner: cause);
}
