using CdcFlow.Batches;

namespace CdcFlow.Operators;

/// <summary>Where an operator puts the changes of one of its outputs.</summary>
/// <typeparam name="T">The row type of the output.</typeparam>
/// <remarks>Touched only by the operator's own node. Created by the graph builder; a test may make its own.</remarks>
public sealed class BatchCollector<T>
    where T : class
{
    private ChangeBatch<T>? open;

    /// <summary>Adds a change to the output.</summary>
    public void Add(in Change<T> change) => (open ??= new ChangeBatch<T>()).Add(change);

    /// <summary>Takes what was added since the last call; null when nothing was.</summary>
    public ChangeBatch<T>? Take()
    {
        var taken = open;
        open = null;
        return taken;
    }
}
