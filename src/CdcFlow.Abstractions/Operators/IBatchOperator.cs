using CdcFlow.Batches;

namespace CdcFlow.Operators;

/// <summary>A chain of synchronous nodes fused into one loop over a batch. Generated; may be written by hand.</summary>
/// <typeparam name="T">The row type of the input.</typeparam>
/// <remarks>Called by one node at a time, batches in order. It reads the batch and adds to the <see cref="BatchCollector{T}"/>s
/// it was made with; it neither keeps nor releases the batch.</remarks>
public interface IBatchOperator<T>
    where T : class
{
    /// <summary>Runs the chain over every change of <paramref name="batch"/>, in order.</summary>
    void Process(ChangeBatch<T> batch);
}
