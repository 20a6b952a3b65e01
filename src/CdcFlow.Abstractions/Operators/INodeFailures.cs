namespace CdcFlow.Operators;

/// <summary>Takes the failures of a chain's nodes, each on one change.</summary>
/// <remarks>Supplied by the runtime; called by one node at a time.</remarks>
public interface INodeFailures
{
    /// <summary>A node failed on a change. Returns where the chain is to go on with what is left to do: the change was set aside or is skipped.</summary>
    /// <param name="node">The node whose method ran.</param>
    /// <param name="change">The change that the chain was given.</param>
    /// <param name="at">Its index in its batch, which tells it apart from others with the same row and place.</param>
    /// <param name="error">What was thrown.</param>
    /// <exception cref="CdcFlowException">The pipeline is to stop.</exception>
    void Take<T>(string node, in Change<T> change, int at, Exception error)
        where T : class;
}
