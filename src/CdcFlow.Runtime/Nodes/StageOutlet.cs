using CdcFlow.Batches;
using CdcFlow.Operators;
using CdcFlow.Runtime.Flow;

namespace CdcFlow.Runtime.Nodes;

/// <summary>One output of a stage, whatever its row type.</summary>
internal interface IStageOutlet
{
    /// <summary>The node in the chain whose rows it carries.</summary>
    string NodeId { get; }

    /// <summary>Where it leads.</summary>
    Outlet Outlet { get; }

    /// <summary>Hands over what the operator collected out of one batch.</summary>
    ValueTask DrainAsync(ChangeBatch input, CancellationToken cancellationToken);
}

/// <summary>One output of a stage.</summary>
internal sealed class StageOutlet<T>(string nodeId, BatchCollector<T> collector, Outlet outlet) : IStageOutlet
    where T : class
{
    public string NodeId => nodeId;

    public Outlet Outlet => outlet;

    public ValueTask DrainAsync(ChangeBatch input, CancellationToken cancellationToken)
    {
        if (collector.Take() is not { } batch)
        {
            return ValueTask.CompletedTask;
        }

        // The input's bytes count until everything made out of them is done.
        batch.Lease = input.Lease?.Retain();
        return outlet.SendAsync(batch, cancellationToken);
    }
}
